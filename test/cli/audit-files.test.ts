import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AuditFiles } from '../../cli/audit-files.ts';
import { UnreadableFileError } from '../../cli/errors.ts';
import { readRecords } from '../../cli/reading/records.ts';
import { eventAt, logEvent, TestDirectory } from './logs.ts';

let directory: TestDirectory;
beforeEach(() => { directory = new TestDirectory(); });
afterEach(() => { directory.remove(); });

async function read(...paths: string[]): Promise<{ ids: string[]; files: AuditFiles }> {
  const files = await AuditFiles.open(paths);
  const ids: string[] = [];
  for await (const event of files.events()) ids.push(event.auditID);
  return { ids, files };
}

const lines = [eventAt('a', 0), eventAt('b', 1), eventAt('c', 2)];
const exported = lines.map((line) => `2026-03-01T09:00:03.000Z ${line}\n`).join('');
const filtered = { events: lines.map((line) => logEvent(line)), searchedLogStreams: [] };
const subscription = { messageType: 'DATA_MESSAGE', owner: '1', logGroup: '/aws/eks/prod/cluster', logStream: 's', subscriptionFilters: ['x'], logEvents: lines.map((message, id) => ({ id: String(id), timestamp: 1, message })) };

describe('formats are told apart by content', () => {
  const formats: [string, string][] = [
    ['JSON lines', lines.join('\n')],
    ['JSON lines with carriage returns and blank lines', `\r\n${lines.join('\r\n\r\n')}\r\n`],
    ['filter-log-events, pretty-printed', JSON.stringify(filtered, null, 4)],
    ['filter-log-events on one line', JSON.stringify(filtered)],
    ['two of its outputs in one file', JSON.stringify({ events: filtered.events.slice(0, 1) }, null, 2) + '\n' + JSON.stringify({ events: filtered.events.slice(1) })],
    ['get-log-events', JSON.stringify({ events: lines.map((message) => ({ timestamp: 1, message, ingestionTime: 2 })), nextForwardToken: 'f/{[' }, null, 4)],
    ['log events, one a line', filtered.events.map((event) => JSON.stringify(event)).join('\n')],
    ['an export to a bucket', exported],
    ['aws logs tail', lines.map((line) => `2026-03-01T09:00:03.123000+00:00 kube-apiserver-audit-0a1b ${line}`).join('\n')],
    ['deliveries of a subscription', JSON.stringify(subscription)],
  ];
  test.each(formats)('%s', async (_name, text) => {
    const { ids, files } = await read(directory.write('log', text), directory.write('packed.txt', gzipSync(text)));
    expect(ids).toEqual(['a', 'a', 'b', 'b', 'c', 'c']);
    expect(files.counts).toMatchObject({ events: 6, malformed: 0, otherRecords: 0, bytes: files.totalBytes });
  });

  test('several gzip files in one', async () => {
    const packed = Buffer.concat(lines.map((line) => gzipSync(`${line}\n`)));
    expect((await read(directory.write('log.gz', packed))).ids).toEqual(['a', 'b', 'c']);
  });
});

describe('what is no audit event', () => {
  test('records of other streams are counted and left', async () => {
    const authenticator = 'time="2026-03-01T09:00:00Z" level=info msg="access granted" username="{system:node}"';
    const file = directory.write('log', [authenticator, `2026-03-01T09:00:00.000Z ${authenticator}`, ...lines, 'I0301 09:00:00.1 1 scheduler.go:1] "x"', '{"json":"of something else"}'].join('\n'));
    const { files } = await read(file);
    expect(files.counts).toMatchObject({ events: 3, malformed: 0, otherRecords: 4 });
  });

  test('a record that names audit events in another stream is left', async () => {
    const events = [logEvent(lines[0] ?? '', 'authenticator-0a1b'), logEvent(lines[1] ?? '')];
    const { ids, files } = await read(directory.write('log', JSON.stringify({ events })));
    expect(ids).toEqual(['b']);
    expect(files.counts.otherRecords).toBe(1);
  });

  test('broken records are counted with file and line', async () => {
    const file = directory.write('log', [lines[0], lines[1]?.slice(0, 300), '{"kind":"Eve', lines[2]].join('\n'));
    const { ids, files } = await read(file);
    expect(ids).toEqual(['a', 'c']);
    expect(files.counts.malformed).toBe(2);
    expect(files.malformed.map(({ line }) => line)).toEqual([2, 3]);
    expect(files.malformed[0]?.file).toBe(file);
  });

  test('a document that ends early is one malformed record', async () => {
    const text = JSON.stringify(filtered, null, 4);
    const { ids, files } = await read(directory.write('log', text.slice(0, text.lastIndexOf('auditID'))));
    expect(ids).toEqual(['a', 'b']);
    expect(files.malformed).toMatchObject([{ line: 17 }]);
  });

  test('of damaged gzip the beginning is read', async () => {
    const many = Array.from({ length: 3000 }, (_, index) => eventAt(String(index), index)).join('\n');
    const packed = gzipSync(many);
    const { ids, files } = await read(directory.write('log.gz', packed.subarray(0, packed.length / 2)));
    expect(ids.length).toBeGreaterThan(500);
    expect(files.counts.malformed).toBe(1);
    expect(files.malformed[0]?.reason).toMatch(/gzip/);
  });

  test('a line without end does not fill the memory', async () => {
    const { files, ids } = await read(directory.write('log', `${'{'.repeat(40_000_000)}\n${lines.join('\n')}`));
    expect(ids).toEqual(['a', 'b', 'c']);
    expect(files.malformed).toMatchObject([{ line: 1 }]);
  });

  test('an empty file holds nothing', async () => {
    expect((await read(directory.write('log', ''))).ids).toEqual([]);
  });
});

describe('paths', () => {
  test('a directory stands for all in it but the probe of an export', async () => {
    directory.write('export/aws-logs-write-test', 'Permission Check Successful');
    directory.write('export/1/kube-apiserver-audit-0a/000000.gz', gzipSync(exported));
    directory.write('export/1/authenticator-0a/000000.gz', gzipSync('2026-03-01T09:00:00.000Z time="x"\n'));
    const { ids, files } = await read(directory.path);
    expect(ids).toEqual(['a', 'b', 'c']);
    expect(files.counts.otherRecords).toBe(1);
  });

  test('a file named twice is read once', async () => {
    const file = directory.write('log', lines.join('\n'));
    expect((await read(file, directory.path)).ids).toHaveLength(3);
  });

  test('a missing file is said', async () => {
    await expect(AuditFiles.open([`${directory.path}/none`])).rejects.toThrow(UnreadableFileError);
  });
});

describe('the cluster', () => {
  const clusters: [string, string, string, string][] = [
    ['by the log group in the file', 'x/log', JSON.stringify(subscription), 'prod'],
    ['by the log group in the path', 'aws/eks/blue/cluster/log', exported, 'blue'],
    ['by the folder', 'green/log', exported, 'green'],
    ['by no stream', 'kube-apiserver-audit-0a/000000', exported, 'cluster'],
    ['not by what an event says', 'green/log', `${(lines[0] ?? '').slice(0, -1)},"logGroup":"/aws/eks/evil/cluster"}`, 'green'],
  ];
  test.each(clusters)('is named %s', async (_name, file, text, cluster) => {
    expect((await AuditFiles.open([directory.write(file, text)])).cluster).toBe(cluster);
  });
});

describe('properties', () => {
  test('files of nearly sorted events come out sorted, none lost', async () => {
    const file = fc.array(fc.tuple(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 0, max: 290 })), { maxLength: 40 });
    await fc.assert(fc.asyncProperty(fc.array(file, { minLength: 1, maxLength: 5 }), async (contents) => {
      const each = new TestDirectory();
      try {
        // Logged in the order of the ends; each request came up to 290 seconds before its end.
        contents.forEach((events, index) => each.write(`${String(index)}.jsonl`, events.toSorted(([one], [other]) => one - other).map(([ended, took]) => eventAt('x', ended - took)).join('\n')));
        const times: string[] = [];
        for await (const event of (await AuditFiles.open([each.path])).events()) times.push(event.requestReceivedTimestamp);
        expect(times).toHaveLength(contents.flat().length);
        expect(times).toEqual(times.toSorted());
      } finally {
        each.remove();
      }
    }), { numRuns: 60 });
  });

  test('records do not depend on how a file comes in pieces', async () => {
    const messages = fc.array(fc.string({ unit: 'binary', maxLength: 30 }), { maxLength: 8 });
    await fc.assert(fc.asyncProperty(messages, fc.constantFrom(0, 2, 4), fc.integer({ min: 1, max: 50 }), async (texts, indent, size) => {
      const document = JSON.stringify({ events: texts.map((message) => ({ message })), searchedLogStreams: ['x'] }, null, indent);
      const records = await recordsOf(document, size);
      expect(records.map((text) => (JSON.parse(text) as { message: string }).message)).toEqual(texts);
    }));
  });

  test('any bytes can be read', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), fc.boolean(), async (bytes, packed) => {
      await expect(read(directory.write('log', packed ? gzipSync(bytes) : bytes))).resolves.toBeDefined();
    }), { numRuns: 100 });
  });
});

async function recordsOf(text: string, size: number): Promise<string[]> {
  async function* pieces(): AsyncGenerator<string> {
    for (let start = 0; start < text.length; start += size) yield await Promise.resolve(text.slice(start, start + size));
  }
  const records: string[] = [];
  for await (const some of readRecords(pieces())) records.push(...some.map((record) => record.text));
  return records;
}
