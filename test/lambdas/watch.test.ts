import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { newLearning, updateLearning } from '../../lib/backfill/learning.ts';
import type { Finding } from '../../lib/finding.ts';
import type { Ports } from '../../lib/ingest.ts';
import { MemoryDeadLetters, MemoryFindingStore, MemoryStateStore } from '../../lib/memory-stores.ts';
import { UnknownEventError } from '../../lambdas/event.ts';
import { createIngestHandler } from '../../lambdas/ingest.ts';
import { contextOf, startLocalRunner, type LocalRunner } from '../../lambdas/local/runner.ts';
import { ConfigurationError, watchSettings } from '../../lambdas/ports.ts';
import { createTelemetry, silentTelemetry } from '../../lambdas/telemetry.ts';
import { handler, createWatchHandler } from '../../lambdas/watch.ts';
import { Heartbeats, readHeartbeat } from '../../lib/watch/heartbeat.ts';
import { meetCluster } from '../../lib/watch/known-clusters.ts';
import { delivered, detail, loggingChange, scope } from '../lib/trail/calls.ts';
import { auditEvent, subscriptionPayload } from './deliveries.ts';

const context = contextOf('watch');
const start = Date.parse('2026-03-01T09:00:00Z');
const minute = 60_000;
/** Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html */
const scheduled = { version: '0', id: '53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa', 'detail-type': 'Scheduled Event', source: 'aws.events', account: '123456789012', time: '2026-03-01T09:00:00Z', region: 'eu-west-1', resources: ['arn:aws:events:eu-west-1:123456789012:rule/Tidemark-TidemarkWatchSchedule-x'], detail: {} };

function memoryPorts(): Ports & { deadLetters: MemoryDeadLetters; findings: MemoryFindingStore } {
  return { state: new MemoryStateStore(), findings: new MemoryFindingStore(), deadLetters: new MemoryDeadLetters() };
}

function watchOver(ports: Ports, minutes = 0) {
  return createWatchHandler(ports, { scope, silenceMs: 30 * minute, now: () => start + minutes * minute }, silentTelemetry());
}

const all = (findings: MemoryFindingStore): Promise<Finding[]> => findings.query({ limit: 100 });

describe('calls of AWS, through real tables and a real topic', () => {
  let runner: LocalRunner;
  beforeAll(async () => { runner = await startLocalRunner(); });
  afterAll(() => runner.stop());
  const ports = () => ({ state: runner.state, findings: runner.findings, deadLetters: new MemoryDeadLetters() });

  test('are one finding and one mail, however often an event is delivered', async () => {
    const event = delivered(loggingChange(false));
    for (let time = 1; time <= 3; time++) await watchOver(ports())(event, context);
    const mails = await runner.mails();
    expect(mails.map(({ subject }) => subject)).toEqual(['CRITICAL prod: eve turned off the audit log of cluster prod']);
    expect(mails[0]?.attributes).toEqual({ severity: 'critical', category: 'defense-evasion', cluster: 'prod' });
    expect(await runner.findings.query({ identity: 'arn:aws:sts::123456789012:assumed-role/Admin/eve', limit: 10 })).toHaveLength(1);
  });

  test('that come at once are all in the finding', async () => {
    const watch = watchOver(ports());
    const events = Array.from({ length: 5 }, () => delivered(detail('logs', 'DeleteLogStream', { logGroupName: '/aws/eks/staging/cluster' })));
    await Promise.all(events.map((event) => watch(event, context)));
    const [finding] = await runner.findings.query({ cluster: 'staging', limit: 10 });
    expect(finding?.evidenceTotal).toBe(5);
    expect(await runner.mails()).toHaveLength(1);
  });
});

describe('a canary, through real tables and a real topic', () => {
  let runner: LocalRunner;
  beforeAll(async () => { runner = await startLocalRunner(); });
  afterAll(() => runner.stop());

  test('goes in by ingest, comes out where people are told, and is told to nobody', async () => {
    const time = '2026-03-01T09:00:00Z';
    const ports = { state: runner.state, findings: runner.findings, deadLetters: new MemoryDeadLetters() };
    expect(await createIngestHandler(ports, silentTelemetry())({ ...scheduled, time }, context)).toEqual({ batchItemFailures: [] });
    expect(await runner.mails()).toEqual([]);
    expect((await runner.findings.query({ cluster: 'tidemark canary', limit: 10 })).map(({ severity }) => severity)).toEqual(['high']);
    expect((await readHeartbeat(runner.state, 'tidemark canary')).heartbeat?.newest).toBe(start);
  });
});

describe('calls in an account that sends', () => {
  const event = { ...delivered(loggingChange(false)), account: '444455556666', region: 'us-east-1' };

  test('are told once something came from the cluster that they touch', async () => {
    const ports = memoryPorts();
    const watch = createWatchHandler(ports, { scope, discovers: true, silenceMs: 30 * minute, now: () => start }, silentTelemetry());
    await watch(event, context);
    expect(await all(ports.findings)).toEqual([]);
    await meetCluster(ports.state, '444455556666/us-east-1/prod');
    await watch(event, context);
    expect((await all(ports.findings)).map(({ cluster }) => cluster)).toEqual(['444455556666/us-east-1/prod']);
  });

  test('of the deployment itself are told to people while it knows no cluster but its canary', async () => {
    const ports = memoryPorts();
    const watch = createWatchHandler(ports, { scope: { ...scope, clusters: [] }, discovers: true, silenceMs: 30 * minute, now: () => start }, silentTelemetry());
    await watch(scheduled, context);
    await watch(delivered(detail('logs', 'DeleteDestination', { destinationName: 'Tidemark-senders' })), context);
    expect((await all(ports.findings)).map(({ cluster }) => cluster)).toEqual(['all clusters']);
  });

  test('are not taken for calls at home', async () => {
    const ports = memoryPorts();
    await watchOver(ports)(event, context);
    expect(await all(ports.findings)).toEqual([]);
  });
});

describe('events', () => {
  test('that concern nothing of the deployment leave nothing', async () => {
    const ports = memoryPorts();
    await watchOver(ports)(delivered(detail('dynamodb', 'DeleteTable', { tableName: 'orders' })), context);
    expect(await all(ports.findings)).toEqual([]);
    expect(ports.deadLetters.letters).toEqual([]);
  });

  test.each([[{}], [{ detail: null }], [{ detail: { eventName: 'DeleteCluster' } }], [{ detail: { ...loggingChange(false), eventTime: 7 } }]])('that hold no call go to the dead letters whole: %j', async (given) => {
    const ports = memoryPorts();
    const event = { ...delivered(loggingChange(false)), detail: undefined, ...given };
    await watchOver(ports)(event, context);
    expect(ports.deadLetters.letters).toEqual([{ reason: expect.stringMatching(/^the event's field \w+ is missing or of another kind$/), source: 'CloudTrail', record: expect.anything(), origin: { kind: 'event' } }]);
    expect(JSON.parse(ports.deadLetters.letters[0]?.record ?? '')).toEqual(event);
  });

  test.each([[null], [{}], [{ 'detail-type': 'Object Created' }]])('of another kind are refused: %j', async (event) => {
    await expect(watchOver(memoryPorts())(event, context)).rejects.toThrow(UnknownEventError);
  });

  test('come again when the table is away', async () => {
    const findings = { ...memoryPorts().findings, get: () => Promise.reject(new Error('table is away')) } as never;
    await expect(watchOver({ ...memoryPorts(), findings })(delivered(loggingChange(false)), context)).rejects.toThrow('table is away');
  });
});

describe('the schedule', () => {
  test('finds a log that ingest has not heard for long', async () => {
    const ports = memoryPorts();
    const data = subscriptionPayload([auditEvent('a')]).toString('base64');
    await createIngestHandler(ports, silentTelemetry(), { now: () => start + minute })({ awslogs: { data } }, context);
    await watchOver(ports, 20)(scheduled, context);
    expect(await all(ports.findings)).toEqual([]);
    await watchOver(ports, 40)(scheduled, context);
    expect((await all(ports.findings)).map(({ cluster, title }) => [cluster, title])).toEqual([['prod', 'The audit log of prod has fallen silent']]);
  });

  test('tells a metric for each cluster', async () => {
    const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    try {
      await createWatchHandler(memoryPorts(), { scope, silenceMs: 30 * minute, now: () => start }, createTelemetry('watch'))(scheduled, context);
      const written = write.mock.calls.map(([text]) => String(text)).filter((text) => text.includes('SilentSeconds')).map((text) => JSON.parse(text) as object);
      expect(written).toMatchObject([{ cluster: 'prod', SilentSeconds: 0, service: 'watch' }, { cluster: 'staging', SilentSeconds: 0 }, { cluster: 'tidemark canary', SilentSeconds: 0 }]);
    } finally {
      write.mockRestore();
    }
  });

  test('tells one metric for all clusters that the deployment does not name: of the one that is silent longest', async () => {
    const ports = memoryPorts();
    for (const [index, cluster] of ['444455556666/us-east-1/a', '444455556666/us-east-1/b'].entries()) {
      await new Heartbeats(ports.state).beat(cluster, { newest: start + index * minute, records: 1, malformed: 0 }, start + index * minute);
      await meetCluster(ports.state, cluster);
    }
    const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    try {
      await createWatchHandler(ports, { scope: { ...scope, clusters: [] }, discovers: true, silenceMs: 30 * minute, now: () => start + 10 * minute }, createTelemetry('watch'))(scheduled, context);
      const written = write.mock.calls.map(([text]) => String(text)).filter((text) => text.includes('SilentSeconds')).map((text) => JSON.parse(text) as object);
      expect(written).toMatchObject([{ cluster: 'tidemark canary', SilentSeconds: 0 }, { cluster: 'all others', SilentSeconds: 600 }]);
    } finally {
      write.mockRestore();
    }
  });

  test('tells how long the learning of a history has not got on, until it is done', async () => {
    const [ports, counts] = [memoryPorts(), new Map<string, number>()];
    const look = () => createWatchHandler(ports, { scope, silenceMs: 30 * minute, now: () => start + 5 * minute }, silentTelemetry(counts))(scheduled, context);
    await updateLearning(ports.state, 'prod', () => newLearning(start, 0));
    await look();
    expect(counts.get('LearningStillSeconds')).toBe(300);
    await updateLearning(ports.state, 'prod', (found) => found && { ...found, phase: 'learned' });
    counts.clear();
    await look();
    expect(counts.has('LearningStillSeconds')).toBe(false);
  });
});

describe('ingest', () => {
  test('says how long its events were under way', async () => {
    const counts = new Map<string, number>();
    const data = subscriptionPayload([auditEvent('a'), auditEvent('b')]).toString('base64');
    await createIngestHandler(memoryPorts(), silentTelemetry(counts), { now: () => start + 5004 })({ awslogs: { data } }, context);
    expect(counts.get('EventLag')).toBe(5000);
  });
});

describe('a deployment', () => {
  test('says what to watch', () => {
    expect(watchSettings({ WATCH_SCOPE: JSON.stringify({ ...scope, discovers: true }), USUAL_SILENCE_MS: '600000' })).toEqual({ scope, discovers: true, silenceMs: 600_000 });
  });

  test('that forgot to is refused', async () => {
    await expect(handler({}, context)).rejects.toThrow(ConfigurationError);
  });
});
