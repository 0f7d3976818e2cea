import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { CreateQueueCommand, GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import { createBackfillHandler } from '../../lambdas/backfill.ts';
import { backfillEnvironment } from '../../lambdas/backfill-scope.ts';
import { UnknownEventError } from '../../lambdas/event.ts';
import { createIngestHandler } from '../../lambdas/ingest.ts';
import { startEmbeddedAws, type EmbeddedAws } from '../../lambdas/local/embedded-aws.ts';
import { drain } from '../../lambdas/local/queue.ts';
import { contextOf } from '../../lambdas/local/runner.ts';
import { CloudWatchLogHistory, historyClientSettings } from '../../lambdas/log-history.ts';
import { backfillPorts, ConfigurationError, ingestOptions, ingestPorts } from '../../lambdas/ports.ts';
import { silentTelemetry } from '../../lambdas/telemetry.ts';
import { HeldDeliveries } from '../../lib/backfill/held-deliveries.ts';
import { workerMs } from '../../lib/backfill/learning.ts';
import { Pace } from '../../lib/backfill/pace.ts';
import { CloudWatchLogsServer, type StoredRecord } from '../backfill/cloudwatch-logs.ts';
import { eventAt } from '../cli/logs.ts';
import { subscriptionPayload } from './deliveries.ts';
import { readLearning } from '../backfill/stored-learning.ts';

const cluster = 'prod';
const group = '/aws/eks/prod/cluster';
const day = 24 * 60 * 60 * 1000;
const start = Date.parse('2026-03-01T09:00:00Z');
const begun = start + 13 * day;

let aws: EmbeddedAws;
let logs: CloudWatchLogsServer;
let client: CloudWatchLogsClient;
let variables: Readonly<Record<string, string>>;
beforeAll(async () => {
  [aws, logs] = await Promise.all([startEmbeddedAws(), CloudWatchLogsServer.start()]);
  const { QueueUrl = '' } = await aws.sqs.send(new CreateQueueCommand({ QueueName: 'backfill' }));
  variables = { ...aws.variables, [backfillEnvironment.queue]: QueueUrl, [backfillEnvironment.scope]: JSON.stringify({ clusters: [cluster], historyMs: 14 * day }) };
  client = new CloudWatchLogsClient({ ...historyClientSettings, endpoint: logs.endpoint, region: 'eu-west-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });
  // Two weeks of one workload, each hour the same.
  logs.put(group, Array.from({ length: 14 * 24 }, (_, hour): StoredRecord => ({ timestamp: start + hour * day / 24, message: eventAt(`id-${String(hour)}`, hour * 3600) })));
});
afterAll(async () => {
  client.destroy();
  await Promise.all([aws.stop(), logs.stop()]);
});

let now = begun;
let asked: { cluster: string; delayMs: number }[];
beforeEach(() => {
  asked = [];
  logs.options = { now: () => now, recordsInPage: 20 };
});

/** The function, which asks here for its next call, since a queue would make one wait for it. */
function handlerOf() {
  return createBackfillHandler({
    ...backfillPorts(variables, aws),
    ask: (name, delayMs = 0) => { asked.push({ cluster: name, delayMs }); return Promise.resolve(); },
    logOf: () => ({ history: new CloudWatchLogHistory(client, group), pace: new Pace(1000) }),
    clock: { now: () => now, wait: (milliseconds) => { now += milliseconds; return Promise.resolve(); } },
  }, silentTelemetry());
}

/** A call whose time is short once it has looked so many times. */
function contextFor(looks: number): Context {
  let looked = 0;
  return { ...contextOf('backfill'), getRemainingTimeInMillis: () => (++looked > looks ? 60_000 : 900_000) };
}

const messageFor = (name: string) => ({ Records: [{ body: JSON.stringify({ cluster: name }) }] });
const state = () => backfillPorts(variables, aws).state;
const queued = async () => (await drain(aws.sqs, variables[backfillEnvironment.queue] ?? '')).map(({ Body = '' }) => JSON.parse(Body) as unknown);

test('a cluster\'s first events have its history learned by a chain of calls, and are scored when it is learned', async () => {
  const ports = ingestPorts(variables, aws);
  const counts = new Map<string, number>();
  const ingest = createIngestHandler(ports, silentTelemetry(counts), { ...ingestOptions(variables, aws), now: () => now });
  const deliver = (id: string) => ingest({ awslogs: { data: subscriptionPayload([eventAt(id, (now - start) / 1000)]).toString('base64') } }, contextOf('ingest'));
  await deliver('first');
  await deliver('second');
  expect(await queued()).toEqual([{ cluster }]);
  expect(counts.get('Requests')).toBe(0);

  let calls = 0;
  for (let next: { cluster: string; delayMs: number } | undefined = { cluster, delayMs: 0 }; next; calls++) {
    now += next.delayMs;
    await handlerOf()(messageFor(next.cluster), contextFor(5));
    next = asked.pop();
    expect(asked).toEqual([]);
  }
  expect(calls).toBeGreaterThan(5);
  const learning = await readLearning(state(), cluster);
  // What was before fourteen days is not asked for, and what is yet to come is not there.
  expect(learning).toMatchObject({ phase: 'learned', malformed: 0, since: begun - 14 * day, scoredFrom: begun });
  expect(learning?.events).toBe(13 * 24 + 1);

  await deliver('third');
  expect(counts.get('Requests')).toBe(1);
  await handlerOf()(messageFor(cluster), contextFor(5));
  expect([asked, await queued()]).toEqual([[], []]);
});

describe('a call', () => {
  test('that is throttled for long asks for another later', async () => {
    logs.options = { now: () => now, requestsPerSecond: 0 };
    const { ask } = backfillPorts(variables, aws);
    await begin('busy');
    await handlerOf()(messageFor('busy'), contextFor(5));
    expect(asked).toEqual([{ cluster: 'busy', delayMs: 60_000 }]);
    // As the queue holds it back; longer than it can is as long as it can.
    await ask('busy', 1e9);
    const { Attributes } = await aws.sqs.send(new GetQueueAttributesCommand({ QueueUrl: variables[backfillEnvironment.queue], AttributeNames: ['ApproximateNumberOfMessagesDelayed'] }));
    expect(Attributes?.['ApproximateNumberOfMessagesDelayed']).toBe('1');
  });

  test('that may not read the log fails, so that the message comes again and is kept at last', async () => {
    logs.options = { denied: true };
    await begin('denied');
    await expect(handlerOf()(messageFor('denied'), contextFor(5))).rejects.toThrow('logs:FilterLogEvents');
    expect(asked).toEqual([]);
  });

  test('that may not read the log lets deliveries be scored at once, until another gets on', async () => {
    const holds = () => new HeldDeliveries(state()).holds('late', now);
    logs.options = { denied: true };
    await begin('late');
    await expect(handlerOf()(messageFor('late'), contextFor(5))).rejects.toThrow('logs:FilterLogEvents');
    expect(await holds()).toBe(false);
    logs.options = { now: () => now };
    now += 10 * workerMs;
    await handlerOf()(messageFor('late'), contextFor(5));
    expect(await holds()).toBe(true);
    expect(await readLearning(state(), 'late')).not.toHaveProperty('refusedAt');
  });

  test.each([[{}], [{ Records: [{ body: '{"cluster":""}' }] }], [{ Records: [] }]])('with the event %j is refused as of unknown shape', async (event) => {
    await expect(handlerOf()(event, contextFor(5))).rejects.toThrow(UnknownEventError);
  });

  async function begin(name: string): Promise<void> {
    const options = ingestOptions({ ...variables, [backfillEnvironment.scope]: JSON.stringify({ clusters: [name], historyMs: day }) }, aws);
    expect(await new HeldDeliveries(state(), options.backfill).holds(name, now)).toBe(true);
    expect(await queued()).toEqual([{ cluster: name }]);
  }
});

test('a deployment that says whose history is learned, but not how to ask for it, is refused', () => {
  expect(() => ingestOptions({ [backfillEnvironment.scope]: JSON.stringify({ clusters: [cluster], historyMs: day }) }, aws)).toThrow(ConfigurationError);
});
