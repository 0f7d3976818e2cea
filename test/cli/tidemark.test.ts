import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findingSchema } from '../../lib/finding.ts';
import { eventAt, TestDirectory } from './logs.ts';
import { noAccount, tidemark } from './run.ts';

const sample = ['replay', 'examples/shop', '--learn-until', '2026-10-14'];

describe('how it is used', () => {
  test('help names every command and gives examples', async () => {
    const { code, out } = await tidemark(['--help']);
    expect(code).toBe(0);
    for (const word of ['replay', 'findings', 'finding', 'baseline', 'Examples:', '--no-color']) expect(out).toContain(word);
  });

  test('the version is the package\'s', async () => {
    expect(await tidemark(['--version'])).toEqual({ code: 0, out: '0.1.0\n', errors: '' });
  });

  const mistakes: [string, string[], RegExp][] = [
    ['no command', [], /Usage: tidemark/],
    ['an unknown command', ['watch'], /unknown command/],
    ['no file', ['replay'], /missing required argument 'file'/],
    ['a file that is not there', ['replay', 'nowhere.json'], /nowhere\.json: no such file/],
    ['a file without events', ['replay', 'package.json'], /no audit event in these files/],
    ['a list that is not there', ['replay', 'x', '--threat-list', 'nowhere.txt'], /nowhere\.txt: no such file/],
    ['an unknown severity', ['replay', 'x', '--fail-on', 'bad'], /Allowed choices are low, medium, high, critical/],
    ['an unknown format', ['replay', 'x', '--format', 'xml'], /Allowed choices are text, jsonl/],
    ['a time that is none', ['replay', 'x', '--learn-until', 'soon'], /Give a time such as/],
    ['a limit that is none', ['findings', '--limit', '0'], /whole number from 1/],
    ['an id that is none', ['finding', 'x'], /24 hexadecimal digits/],
    ['a baseline from nowhere', ['baseline', 'x'], /--cluster NAME/],
  ];
  test.each(mistakes)('%s is said, with exit code 2', async (_name, args, words) => {
    const { code, out, errors } = await tidemark(args);
    expect(errors).toMatch(words);
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });
});

describe('replay', () => {
  let directory: TestDirectory;
  beforeAll(() => { directory = new TestDirectory(); });
  afterAll(() => { directory.remove(); });

  test('jsonl is one finding a line, in the order they were raised', async () => {
    const { code, out, errors } = await tidemark([...sample, '--format', 'jsonl']);
    const findings = out.trim().split('\n').map((line) => findingSchema.parse(JSON.parse(line)));
    expect(code).toBe(0);
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.every(({ cluster, raisedAt }) => cluster === 'shop' && raisedAt >= '2026-10-14')).toBe(true);
    expect(findings.map(({ raisedAt }) => raisedAt)).toEqual(findings.map(({ raisedAt }) => raisedAt).toSorted());
    expect(errors).toMatch(/^52,601 events, [\d,]+ requests, \d+ findings \(.*\), 0 malformed, .* in [\d.]+ s\n$/);
  });

  test('text in a pipe has no colours and no progress', async () => {
    const { out, errors } = await tidemark(sample);
    expect(out).toMatch(/^2026-10-1[456] \w+day\n/);
    // eslint-disable-next-line no-control-regex
    expect(out + errors).not.toMatch(/\u001b|\r/);
  });

  test('a finding as grave as --fail-on gives exit code 1', async () => {
    expect((await tidemark([...sample, '--fail-on', 'medium'])).code).toBe(1);
  });

  test('a quiet log gives no finding and exit code 0', async () => {
    const file = directory.write('log', Array.from({ length: 50 }, (_, index) => eventAt(`id-${String(index)}`, index * 60)).join('\n'));
    const { code, out, errors } = await tidemark(['replay', file, '--cluster', 'blue', '--learn-until', '2027-01-01', '--fail-on', 'low']);
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(errors).toMatch(/^50 events, 50 requests, 0 findings, 0 malformed in /);
  });

  test('malformed records are named and do not stop it', async () => {
    const file = directory.write('broken', `${eventAt('a', 0)}\n${eventAt('b', 1).slice(0, 99)}\n`);
    const { code, errors } = await tidemark(['replay', file]);
    expect(code).toBe(0);
    expect(errors).toContain(`malformed: ${file}:2: `);
    expect(errors).toContain('1 malformed');
  });

  describe('with lists of addresses', () => {
    const listed = '203.0.113.9';
    /** A workload that sends the same each hour, and once a little to another address. */
    const flowLog = () => ['version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status', ...Array.from({ length: 200 }, (_, hour) => {
      const start = 1_790_000_000 + hour * 3600;
      return `2 123456789012 eni-0a1b 10.0.1.5 ${hour === 199 ? listed : '198.51.100.7'} 40000 443 6 90 1000 ${String(start)} ${String(start + 59)} ACCEPT OK`;
    })].join('\n');
    const ranges = '{"prefixes":[{"ip_prefix":"203.0.113.0/24","region":"eu-west-1","service":"EC2"}]}';

    test('an address on one of them is told, and what in them is of no use is counted', async () => {
      const [flows, threats, more, aws] = [directory.write('flows', flowLog()), directory.write('threats', `${listed}\nhello world\n`), directory.write('more', 'evil.example'), directory.write('ranges', ranges)];
      const { code, out, errors } = await tidemark(['replay', flows, '--ip-ranges', aws, '--threat-list', threats, more, '--format', 'jsonl']);
      expect(code).toBe(0);
      expect(errors).toContain('threat lists: 2 entries used, 1 not\n');
      expect(out).toContain(`${listed} (AWS EC2, eu-west-1), which is on a list of bad addresses`);
      expect((await tidemark(['replay', flows])).out).toBe('');
    });

    test.each([
      ['--threat-list', '<p>Not found</p>', /list: the list has no address, range or domain that can be used/],
      ['--threat-list', '{"type":"bundle"', /list: the list begins as JSON and is no STIX 2\.1 bundle/],
      ['--ip-ranges', '{}', /list: the file is no ip-ranges\.json of AWS/],
    ])('%s that is broken is said before anything is read, with exit code 2', async (flag, text, words) => {
      const { code, out, errors } = await tidemark(['replay', directory.write('flows', flowLog()), flag, directory.write('list', text)]);
      expect(errors).toMatch(words);
      expect({ code, out }).toEqual({ code: 2, out: '' });
    });
  });

  test('a reader that leaves early is no error', async () => {
    const child = spawn(process.execPath, ['cli/tidemark.ts', ...sample], { env: noAccount, stdio: ['ignore', 'pipe', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (data: Buffer) => { errors += data.toString(); });
    child.stdout.destroy();
    await once(child, 'close');
    expect(errors).not.toMatch(/EPIPE|Error/);
  });
});

test('a baseline can be learned from files', async () => {
  const known = await tidemark(['baseline', 'github-deploy', '--files', 'examples/shop/audit-2026-10-07.jsonl.gz']);
  expect(known).toMatchObject({ code: 0, errors: '' });
  expect(known.out).toContain('github-deploy');
  const unknown = await tidemark(['baseline', 'nobody', '--files', 'examples/shop/audit-2026-10-07.jsonl.gz']);
  expect(unknown).toMatchObject({ code: 2, out: '' });
});
