import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { learnToTheEnd } from '../../cli/learn.ts';
import { DynamoFindingStore } from '../../lambdas/dynamodb-finding-store.ts';
import { DynamoStateStore } from '../../lambdas/dynamodb-state-store.ts';
import { startEmbeddedAws, type EmbeddedAws } from '../../lambdas/local/embedded-aws.ts';
import { CloudWatchLogHistory, historyClientSettings } from '../../lambdas/log-history.ts';
import { environment } from '../../lambdas/tables.ts';
import { updateLearning, type Learning } from '../../lib/backfill/learning.ts';
import { Pace } from '../../lib/backfill/pace.ts';
import { describeBaseline } from '../../lib/describe.ts';
import { Heartbeats } from '../../lib/watch/heartbeat.ts';
import { CloudWatchLogsServer } from '../backfill/cloudwatch-logs.ts';
import { readSample } from '../engine/sample.ts';
import { tidemark } from './run.ts';
import { readLearning } from '../backfill/stored-learning.ts';

const hour = 3_600_000;
const present = Date.parse('2026-10-14T21:00:00Z');
const since = present - 12 * hour;
const identity = 'system:serviceaccount:argocd:argocd-application-controller';

let aws: EmbeddedAws;
let logs: CloudWatchLogsServer;
let client: CloudWatchLogsClient;
beforeAll(async () => {
  [aws, logs] = await Promise.all([startEmbeddedAws(), CloudWatchLogsServer.start()]);
  client = new CloudWatchLogsClient({ ...historyClientSettings, endpoint: logs.endpoint, region: 'eu-west-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });
  const { events } = await readSample(['2026-10-14T12:00', '2026-10-14T20:10']);
  for (const name of ['shop', 'known']) logs.put(`/aws/eks/${name}/cluster`, events.map((event) => ({ timestamp: Date.parse(event.stageTimestamp), message: JSON.stringify(event) })));
});
afterAll(async () => {
  client.destroy();
  await Promise.all([aws.stop(), logs.stop()]);
});

let said: string[];
beforeEach(() => { said = []; });

const portsOf = (cluster: string) => ({ state: new DynamoStateStore(aws.dynamo, 'state'), findings: new DynamoFindingStore(aws.dynamo, 'findings'), history: new CloudWatchLogHistory(client, `/aws/eks/${cluster}/cluster`) });

/** Learns with a clock that is as far as somebody waited. */
function learnAt(cluster: string, now: number, isOver?: () => boolean): Promise<Learning> {
  let time = now;
  logs.options = { now: () => time, recordsInPage: 50 };
  const clock = { now: () => time, wait: (milliseconds: number) => { time += milliseconds; return Promise.resolve(); } };
  return learnToTheEnd(portsOf(cluster), cluster, since, { reading: { pace: new Pace(1000), clock }, say: (words) => { said.push(words); }, ...(isOver ? { isOver } : {}) });
}

describe('learn', () => {
  test('goes on where it was stopped, and learns nothing twice', async () => {
    let pages = 0;
    const stopped = await learnAt('shop', present, () => ++pages > 3);
    expect(stopped).toMatchObject({ phase: 'learning', workerUntil: 0 });
    expect(stopped.readUntil).toBeGreaterThan(since);
    const learned = await learnAt('shop', present);
    expect(said).toEqual([expect.stringMatching(/^going on from 2026-10-14 20:\d\d UTC$/), expect.stringMatching(/^read to 2026-10-14 20:58 UTC; deliveries are scored from now on/)]);
    expect(learned).toMatchObject({ phase: 'learned', malformed: 0 });
    expect(learned.events).toBeGreaterThan(stopped.events);
    expect(await describeBaseline(portsOf('shop').state, 'shop', identity)).toContain('argocd');
    expect(await learnAt('shop', present + hour)).toEqual(learned);
  });

  test('says that what is older than what is known adds less', async () => {
    const { state } = portsOf('known');
    await new Heartbeats(state).beat('known', { newest: present, records: 1, malformed: 0 }, present);
    await learnAt('known', present);
    expect(said[0]).toMatch(/^something is known of known already/);
  });

  test('leaves it to another who works on it', async () => {
    const { state } = portsOf('shop');
    await updateLearning(state, 'shop', (found) => found && { ...found, phase: 'learning', workerUntil: present + 60_000 });
    await expect(learnAt('shop', present)).rejects.toThrow(/another works on shop: it has read to .* this can go on at 2026-10-14 21:02 UTC/);
    await updateLearning(state, 'shop', (found) => found && { ...found, phase: 'learned', workerUntil: 0 });
  });

  test('as a command says that all is learned, with the tables and the log group named', async () => {
    const variables = { ...aws.variables, [environment.stateTable]: 'state', [environment.findingsTable]: 'findings', AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: logs.endpoint };
    const { code, out, errors } = await tidemark(['learn', '--cluster', 'shop'], variables);
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(errors).toMatch(/^learned: [\d,]+ events from 2026-10-14 09:00 to 2026-10-14 2\d:\d\d UTC, 0 malformed\n$/);
  });

  test.each<[string, string[], RegExp]>([
    ['no cluster is named', [], /required option '--cluster <name>' not specified/],
    ['the time is to come', ['--cluster', 'x', '--since', '2099-01-01'], /--since must be a time that is past/],
    ['there is no such log group', ['--cluster', 'nowhere'], /there is no log group \/aws\/eks\/nowhere\/cluster here/],
    ['there is no such table', ['--cluster', 'known', '--state-table', 'nowhere'], /there is no such table/],
  ])('says so, with exit code 2, when %s', async (_, args, words) => {
    const variables = { ...aws.variables, AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: logs.endpoint };
    const { code, out, errors } = await tidemark(['learn', ...args], variables);
    expect(errors).toMatch(words);
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });

  test('leaves nothing behind that deliveries would wait for when the log cannot be read', async () => {
    expect(await readLearning(portsOf('nowhere').state, 'nowhere')).toBeUndefined();
  });
});
