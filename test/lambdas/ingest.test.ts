import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Ports } from '../../lib/ingest.ts';
import { MemoryDeadLetters, MemoryFindingStore, MemoryStateStore } from '../../lib/memory-stores.ts';
import { ConflictError, type StateStore } from '../../lib/store.ts';
import { knownClusters } from '../../lib/watch/known-clusters.ts';
import { UnknownEventError } from '../../lambdas/event.ts';
import { createIngestHandler, handler } from '../../lambdas/ingest.ts';
import { contextOf, startLocalRunner, type LocalRunner } from '../../lambdas/local/runner.ts';
import { ConfigurationError, createClients, ingestOptions } from '../../lambdas/ports.ts';
import { createTelemetry, silentTelemetry } from '../../lambdas/telemetry.ts';
import { auditEvent, subscriptionPayload } from './deliveries.ts';

const context = contextOf('ingest');

function memoryPorts(): Ports & { deadLetters: MemoryDeadLetters } {
  return { state: new MemoryStateStore(), findings: new MemoryFindingStore(), deadLetters: new MemoryDeadLetters() };
}

const kinesisRecord = (sequenceNumber: string, payload: Buffer) => ({
  eventSource: 'aws:kinesis',
  kinesis: { partitionKey: 'p', sequenceNumber, data: payload.toString('base64') },
});

describe('deliveries of whole accounts', () => {
  const home = { account: '123456789012', region: 'eu-west-1' };
  const ofOther = { owner: '444455556666', subscriptionFilters: ['tidemark-us-east-1'] };
  const clusterAdmin = JSON.stringify({
    ...(JSON.parse(auditEvent('b')) as object),
    verb: 'create',
    requestURI: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
    objectRef: { resource: 'clusterrolebindings', name: 'x', apiGroup: 'rbac.authorization.k8s.io', apiVersion: 'v1' },
    requestObject: { kind: 'ClusterRoleBinding', metadata: { name: 'x' }, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' }, subjects: [{ kind: 'ServiceAccount', name: 'cart', namespace: 'shop' }] },
    responseStatus: { code: 201 },
  });
  const records = (...payloads: Buffer[]) => ({ Records: payloads.map((payload, index) => kinesisRecord(String(index), payload)) });

  test('keep clusters of one name in two accounts apart, in what is learned and in what is found', async () => {
    const ports = memoryPorts();
    const ingest = createIngestHandler(ports, silentTelemetry(), { home });
    await ingest(records(subscriptionPayload([clusterAdmin]), subscriptionPayload([clusterAdmin], ofOther), subscriptionPayload([clusterAdmin], { ...ofOther, owner: '777788889999' })), context);
    const found = await ports.findings.query({ limit: 10 });
    expect(found.map(({ cluster }) => cluster).sort()).toEqual(['444455556666/us-east-1/prod', '777788889999/us-east-1/prod', 'prod']);
    expect(new Set(found.map(({ id }) => id)).size).toBe(3);
  });

  test('have each cluster be watched from when something first comes from it', async () => {
    const ports = memoryPorts();
    const ingest = createIngestHandler(ports, silentTelemetry(), { home });
    for (let time = 1; time <= 2; time++) await ingest(records(subscriptionPayload([auditEvent('a')], ofOther), subscriptionPayload([auditEvent('a')])), context);
    expect((await knownClusters(ports.state)).sort()).toEqual(['444455556666/us-east-1/prod', 'prod']);
  });

  test('look once whether a cluster is watched, and go on when it cannot be written', async () => {
    const ports = memoryPorts();
    let [reads, mayWrite] = [0, true];
    const state: StateStore = {
      read: (keys) => { if (keys.some((key) => key.startsWith('clusters|'))) reads += 1; return ports.state.read(keys); },
      write: (key, ...rest) => (key.startsWith('clusters|') && !mayWrite ? Promise.reject(new ConflictError(key)) : ports.state.write(key, ...rest)),
    };
    const from = (account: number) => subscriptionPayload([auditEvent('a')], { owner: String(account).padStart(12, '0') });
    await createIngestHandler({ ...ports, state }, silentTelemetry(), { home })(records(...Array.from({ length: 20 }, (_, account) => from(account))), context);
    expect(await knownClusters(ports.state)).toHaveLength(20);
    reads = 0;
    const ingest = createIngestHandler({ ...ports, state }, silentTelemetry(), { home });
    for (let time = 1; time <= 3; time++) await ingest(records(...Array.from({ length: 20 }, (_, account) => from(account))), context);
    expect(reads).toBeLessThanOrEqual(20);
    mayWrite = false;
    expect(await createIngestHandler({ ...ports, state }, silentTelemetry(), { home })(records(from(20)), context)).toEqual({ batchItemFailures: [] });
  });

  test('leave those that are watched as they are where the deployment names all its clusters', async () => {
    const ports = memoryPorts();
    await createIngestHandler(ports, silentTelemetry())(records(subscriptionPayload([auditEvent('a')])), context);
    expect(await knownClusters(ports.state)).toEqual([]);
  });

  test('leave what is in log groups of others', async () => {
    const [ports, counts] = [memoryPorts(), new Map<string, number>()];
    await createIngestHandler(ports, silentTelemetry(counts), { home })(records(subscriptionPayload([clusterAdmin], { logGroup: '/copies/of/audit' })), context);
    expect(counts.get('Records')).toBe(0);
    expect(await ports.findings.query({ limit: 10 })).toEqual([]);
  });

  test('are told from each other by where the deployed function is', () => {
    const variables = { HOME_ACCOUNT: home.account, AWS_REGION: home.region };
    expect(ingestOptions(variables, createClients()).home).toEqual(home);
    expect(ingestOptions({}, createClients()).home).toBeUndefined();
    expect(() => ingestOptions({ HOME_ACCOUNT: home.account }, createClients())).toThrow(ConfigurationError);
  });
});

describe('deliveries from CloudWatch Logs', () => {
  test('counts the records of a direct delivery', async () => {
    const counts = new Map<string, number>();
    const ingest = createIngestHandler(memoryPorts(), silentTelemetry(counts));
    const data = subscriptionPayload([auditEvent('a'), auditEvent('b')]).toString('base64');
    expect(await ingest({ awslogs: { data } }, context)).toEqual({ batchItemFailures: [], malformed: 0 });
    expect(Object.fromEntries(counts)).toMatchObject({ Records: 2, Requests: 2, Identities: 1, Malformed: 0 });
  });

  test('says how long it took from the oldest event to its score', async () => {
    const counts = new Map<string, number>();
    // It arrives after five seconds and is worked on for two.
    const times = [5000, 7000].map((after) => Date.parse('2026-03-01T09:00:00.004Z') + after);
    const ingest = createIngestHandler(memoryPorts(), silentTelemetry(counts), { now: () => times.shift() ?? 0 });
    await ingest({ awslogs: { data: subscriptionPayload([auditEvent('a')]).toString('base64') } }, context);
    expect(counts.get('EventLag')).toBe(7000);
  });

  test('counts the records of all deliveries of a Kinesis batch', async () => {
    const counts = new Map<string, number>();
    const ingest = createIngestHandler(memoryPorts(), silentTelemetry(counts));
    const Records = ['a', 'b', 'c'].map((id) => kinesisRecord(id, subscriptionPayload([auditEvent(id)])));
    expect(await ingest({ Records }, context)).toEqual({ batchItemFailures: [] });
    expect(counts.get('Records')).toBe(3);
  });

  test.each([['no base64 at all: %%%'], [Buffer.from('no gzip').toString('base64')]])('puts the payload %j with the dead letters', async (data) => {
    const ports = memoryPorts();
    expect(await createIngestHandler(ports, silentTelemetry())({ awslogs: { data } }, context)).toEqual({ batchItemFailures: [], malformed: 1 });
    const records = ports.deadLetters.letters.map((letter) => letter.record);
    // Whole, whether the letter has the payload as text or as base64.
    expect(records.flatMap((record) => [record, Buffer.from(record).toString('base64'), Buffer.from(record, 'base64').toString()])).toContain(data);
  });

  test.each([[{}], [null], [{ Records: [{ s3: {} }] }], [{ awslogs: { data: 7 } }]])('refuses the event %j as of unknown shape', async (event) => {
    await expect(createIngestHandler(memoryPorts(), silentTelemetry())(event, context)).rejects.toThrow(UnknownEventError);
  });
});

describe('failures', () => {
  /** Ports whose state cannot be read at its first read; `writes` counts what is written. */
  function failingOnce(): { ports: Ports; writes: () => number } {
    const state: StateStore = new MemoryStateStore();
    let [reads, writes] = [0, 0];
    const read = (keys: readonly string[]) => (++reads === 1 ? Promise.reject(new Error('table is away')) : state.read(keys));
    const write: StateStore['write'] = (...args) => { writes += 1; return state.write(...args); };
    return { ports: { ...memoryPorts(), state: { read, write } }, writes: () => writes };
  }

  test('fails a direct delivery so that it is delivered again', async () => {
    const data = subscriptionPayload([auditEvent('a')]).toString('base64');
    await expect(createIngestHandler(failingOnce().ports, silentTelemetry())({ awslogs: { data } }, context)).rejects.toThrow('table is away');
  });

  test('fails a batch of which nothing could be done, so that it counts as an error and comes again', async () => {
    const { ports, writes } = failingOnce();
    const Records = ['1', '2'].map((id) => kinesisRecord(id, subscriptionPayload([auditEvent(id)])));
    const ingest = createIngestHandler(ports, silentTelemetry());
    await expect(ingest({ Records }, context)).rejects.toThrow('table is away');
    expect(writes()).toBe(0);
    expect(await ingest({ Records }, context)).toEqual({ batchItemFailures: [] });
    expect(writes()).toBeGreaterThan(0);
  });

  test('answers the first record of a batch that fails and tries none after it', async () => {
    const { ports, writes } = failingOnce();
    const Records = [kinesisRecord('1', Buffer.from('no gzip')), ...['2', '3'].map((id) => kinesisRecord(id, subscriptionPayload([auditEvent(id)])))];
    const response = await createIngestHandler(ports, silentTelemetry())({ Records }, context);
    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: '2' }] });
    expect(writes()).toBe(0);
  });
});

describe('logs and metrics', () => {
  test('tell counts and never content', async () => {
    const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    try {
      const ingest = createIngestHandler(memoryPorts(), createTelemetry('ingest'));
      const data = subscriptionPayload([auditEvent('a'), '{"secret-token":']).toString('base64');
      await ingest({ awslogs: { data } }, context);
      const written = write.mock.calls.map(([text]) => String(text)).join('');
      expect(written).toContain('"Namespace":"Tidemark"');
      expect(written).toContain('"Malformed":1');
      expect(written).not.toMatch(/secret-token|system:serviceaccount|configmaps/);
    } finally {
      write.mockRestore();
    }
  });

  test('name the missing variable of a deployment without one', async () => {
    await expect(handler({}, context)).rejects.toThrow(ConfigurationError);
  });
});

describe('dead letters in the queue', () => {
  let runner: LocalRunner;
  beforeAll(async () => { runner = await startLocalRunner(); });
  afterAll(() => runner.stop());

  test('keep a record of a megabyte whole and let the others through', async () => {
    const record = `{"broken": "${randomBytes(500_000).toString('hex')}`;
    await runner.ingest(subscriptionPayload([auditEvent('a'), record, auditEvent('b')]));
    expect((await runner.deadLetters()).map((letter) => letter.record === record)).toEqual([true]);
    expect(runner.counts.get('Requests')).toBe(2);
  });
});
