import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AuditFiles } from '../../cli/audit-files.ts';
import { sampleFiles } from '../../cli/demo/sample.ts';
import { readText } from '../../cli/reading/text.ts';
import { CloudWatchLogsServer, type StoredRecord } from '../backfill/cloudwatch-logs.ts';
import { auditEvent } from '../lambdas/deliveries.ts';
import { tidemark } from './run.ts';

const group = '/aws/eks/shop/cluster';
const days = ['2026-10-13', '2026-10-14'];
const end = ['--until', '2026-10-15'];

let server: CloudWatchLogsServer;
let files: string[];
beforeAll(async () => {
  const { history, stream } = await sampleFiles('2026-10-14');
  files = [...history, ...stream].filter((file) => days.some((day) => file.includes(day)));
  server = await CloudWatchLogsServer.start();
  server.put(group, await recordsOf(files));
});
afterAll(() => server.stop());

/** The lines of files as CloudWatch Logs keeps them: an event is written when its stage is over. */
async function recordsOf(paths: readonly string[]): Promise<StoredRecord[]> {
  const records: StoredRecord[] = [];
  for (const path of paths) {
    let text = '';
    for await (const part of readText(path, () => undefined)) text += part;
    for (const message of text.trim().split('\n')) records.push({ message, timestamp: Date.parse((JSON.parse(message) as { stageTimestamp: string }).stageTimestamp) });
  }
  return records;
}

const tryOn = (...args: string[]) => tidemark(['try', '--log-group', group, '--endpoint', server.endpoint, ...args]);

describe('try', () => {
  test('says what a replay of the same log says', async () => {
    server.options = { recordsInPage: 900, emptyEvery: 7, tokensExpireAfter: 11 };
    const [tried, replayed] = await Promise.all([tryOn('--since', '2026-10-13', ...end, '--format', 'jsonl', '--fail-on', 'medium'), tidemark(['replay', ...files, '--cluster', 'shop', '--format', 'jsonl', '--fail-on', 'medium'])]);
    expect(tried.out).toBe(replayed.out);
    expect(tried.out.split('\n').length).toBeGreaterThan(2);
    expect(tried.code).toBe(1);
    expect(tried.errors).toMatch(/^[\d,]+ events, [\d,]+ requests, \d+ findings? \(.*\), 0 malformed in [\d.]+ s\n$/);
    expect((await AuditFiles.open(files)).cluster).toBe('shop');
  });

  test('says when the log group keeps less than was asked for', async () => {
    server.options = {};
    const { code, errors } = await tryOn('--since', '2026-10-01', ...end, '--learn-until', '2027-01-01');
    expect(code).toBe(0);
    expect(errors).toContain('the log begins at 2026-10-13 00:00 UTC, 12.0 days after --since');
  });

  test.each<[string, string[], RegExp]>([
    ['there is no such log group', ['--log-group', '/aws/eks/nowhere/cluster'], /there is no log group \/aws\/eks\/nowhere\/cluster here: check its name, AWS_REGION .*audit log is on/],
    ['there is nothing of that time', ['--since', '2026-10-20', '--until', '2026-10-21'], /no audit event in \/aws\/eks\/shop\/cluster from 2026-10-20 00:00 to 2026-10-21 00:00 UTC/],
    ['the time is to come', ['--since', '2099-01-01'], /--since must be a time that is past, and before --until/],
    ['nobody answers', ['--endpoint', 'http://127.0.0.1:9'], /CloudWatch Logs cannot be reached/],
    ['the endpoint is none', ['--endpoint', 'nowhere'], /--endpoint nowhere is no URL/],
  ])('says so, with exit code 2, when %s', async (_, args, words) => {
    server.options = {};
    const { code, out, errors } = await tryOn(...args);
    expect(errors).toMatch(words);
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });

  test('names the permission that is needed', async () => {
    server.options = { denied: true };
    expect(await tryOn()).toMatchObject({ code: 2, errors: 'tidemark: these credentials may not read /aws/eks/shop/cluster: they need logs:FilterLogEvents on it\n' });
  });

  test('says what to do without a region or credentials', async () => {
    expect((await tidemark(['try', '--log-group', group])).errors).toContain('no AWS region is set');
    expect((await tidemark(['try', '--log-group', group], { AWS_REGION: 'eu-west-1' })).errors).toContain('no AWS credentials were found');
  });

  test('counts records that are no audit events and names the first', async () => {
    server.options = {};
    server.put('/aws/eks/odd/cluster', [auditEvent('a'), '{"auditID":"b","stage":"ResponseComplete"}'].map((message, index) => ({ message, timestamp: Date.parse('2026-03-01T09:00Z') + index })));
    const { code, errors } = await tidemark(['try', '--log-group', 'arn:aws:logs:eu-west-1:123456789012:log-group:/aws/eks/odd/cluster', '--endpoint', server.endpoint, '--since', '2026-03-01T09:00', '--until', '2026-03-01T10:00']);
    expect(code).toBe(0);
    expect(errors).toContain("malformed: 2026-03-01T09:00:00.001Z: the event's field ");
    expect(errors).toContain('1 event, 1 request, 0 findings, 1 malformed');
  });
});
