import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Ports } from '../../lib/ingest.ts';
import { MemoryDeadLetters, MemoryFindingStore, MemoryStateStore } from '../../lib/memory-stores.ts';
import type { StateStore } from '../../lib/store.ts';
import { UnknownEventError } from '../../lambdas/event.ts';
import { createIngestHandler, handler } from '../../lambdas/ingest.ts';
import { contextOf, startLocalRunner, type LocalRunner } from '../../lambdas/local/runner.ts';
import { ConfigurationError } from '../../lambdas/ports.ts';
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

describe('deliveries from CloudWatch Logs', () => {
  test('counts the records of a direct delivery', async () => {
    const counts = new Map<string, number>();
    const ingest = createIngestHandler(memoryPorts(), silentTelemetry(counts));
    const data = subscriptionPayload([auditEvent('a'), auditEvent('b')]).toString('base64');
    expect(await ingest({ awslogs: { data } }, context)).toEqual({ batchItemFailures: [] });
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
    expect(await createIngestHandler(ports, silentTelemetry())({ awslogs: { data } }, context)).toEqual({ batchItemFailures: [] });
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
