import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

let folder: string;
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'tidemark-')); });
afterAll(() => rm(folder, { recursive: true }));

/** Runs the CDK's command line in this project with neither credentials nor a home to find some in. */
async function cdk(...args: string[]): Promise<{ code: number; output: string }> {
  const PATH = [resolve('node_modules/.bin'), dirname(process.execPath), process.env['PATH']].join(delimiter);
  const env = { PATH, HOME: folder, AWS_EC2_METADATA_DISABLED: 'true', CDK_DISABLE_CLI_TELEMETRY: 'true' };
  const child = spawn('cdk', [...args, '--output', join(folder, 'out'), '--no-notices'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  const output = (await Promise.all([text(child.stdout), text(child.stderr)])).join('');
  const [code] = (await ended) as [number];
  return { code, output };
}

describe('the app', () => {
  test('is made without credentials and passes its checks', async () => {
    expect(await cdk('synth', '--quiet', '-c', 'clusters=prod', '-c', 'mail=team@shop.example')).toMatchObject({ code: 0 });
    const report = JSON.parse(await readFile(join(folder, 'out', 'validation-report.json'), 'utf8')) as unknown;
    expect(report).toMatchObject({ pluginReports: [] });
  });

  test('can be looked at with no setting at all', async () => {
    const { code, output } = await cdk('synth', '--quiet');
    expect(code).toBe(0);
    expect(output).toContain('no cluster is named');
  });

  test('is not deployed while nobody said what to watch and whom to tell', async () => {
    const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as { scripts: Record<string, string> };
    const { code, output } = await cdk(...(scripts['deploy'] ?? '').split(' ').slice(1));
    expect(code).toBe(1);
    expect(output).toContain('-c clusters=prod,staging');
    expect(output).toContain('-c mail=someone@example.com');
    expect(output).not.toMatch(/credentials/i);
  });

  test('says what is wrong with a setting in one line', async () => {
    const { code, output } = await cdk('synth', '--quiet', '-c', 'cluster=prod');
    expect(code).toBe(1);
    expect(output.split('\n')[0]).toBe('there is no setting cluster; did you mean -c clusters=...? (docs/deploy.md lists the settings)');
    expect(output).not.toContain('at ');
  });
});
