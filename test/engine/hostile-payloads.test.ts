import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { Ingest } from '../../lib/ingest.ts';
import { MemoryDeadLetters, MemoryFindingStore } from '../../lib/memory-stores.ts';
import { auditEvent } from '../lambdas/deliveries.ts';
import { payloadOf } from './payloads.ts';
import { randomOf } from './mutate.ts';
import { TracedStateStore } from './traced-state.ts';

let state: TracedStateStore;
let deadLetters: MemoryDeadLetters;
let ingest: Ingest;
beforeEach(() => {
  state = new TracedStateStore();
  deadLetters = new MemoryDeadLetters();
  ingest = new Ingest({ state, findings: new MemoryFindingStore(), deadLetters });
});

const nothing = { records: 0, requests: 0, identities: 0, malformed: 0, otherStreams: 0, findings: 0 };

describe('a payload that cannot be read', () => {
  const whole = payloadOf([auditEvent('a')]);
  test.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['noise', randomBytes(5000)],
    ['gzip cut short', whole.subarray(0, whole.length - 9)],
    ['gzip with a wrong checksum', Buffer.concat([whole.subarray(0, -8), Buffer.alloc(8)])],
    ['gzip of noise', gzipSync(randomBytes(5000))],
    ['gzip of half a message', gzipSync('{"messageType":"DATA_MESSAGE","logEvents":[')],
    ['gzip of a bare record', gzipSync(auditEvent('a'))],
    ['a message of unknown type', payloadOf([auditEvent('a')], { messageType: 'OTHER' })],
    ['a log group of endless name', payloadOf([auditEvent('a')], { logGroup: 'x'.repeat(601) })],
    ['endless nesting', gzipSync(`${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`)],
  ])('is kept whole: %s', async (_name, payload) => {
    expect(await ingest.subscription(payload)).toEqual({ ...nothing, malformed: 1 });
    expect(deadLetters.letters.map(({ record }) => Buffer.from(record, 'base64'))).toEqual([Buffer.from(payload)]);
    expect(deadLetters.letters[0]?.reason).toMatch(/^the payload (is no whole gzip data|holds no JSON|is no message of CloudWatch Logs)$/);
    expect(state.writes).toBe(0);
  });

  test('is kept though it would unpack to more than memory holds', async () => {
    const bomb = gzipSync(Buffer.alloc(70 * 1024 * 1024, ' '), { level: 9 });
    expect(await ingest.subscription(bomb)).toEqual({ ...nothing, malformed: 1 });
    expect(deadLetters.letters[0]?.record).toBe(bomb.toString('base64'));
  });

  test('is kept, or read, with any bits of it flipped', async () => {
    const random = randomOf(7);
    for (let time = 1; time <= 300; time++) {
      const payload = Buffer.from(whole);
      const at = Math.floor(random() * payload.length);
      payload[at] = (payload[at] ?? 0) ^ (1 << Math.floor(random() * 8));
      const { malformed, records } = await ingest.subscription(payload);
      expect(malformed + records).toBe(1);
    }
  });
});

describe('a payload with nothing to learn', () => {
  test('of CloudWatch Logs that checks whether it can deliver is left', async () => {
    expect(await ingest.subscription(payloadOf(['CWL CONTROL MESSAGE: Checking health.'], { messageType: 'CONTROL_MESSAGE' }))).toEqual(nothing);
    expect(deadLetters.letters).toEqual([]);
  });

  test.each(['authenticator-0123', 'kube-apiserver-0123', 'kube-scheduler-0123', '', '__proto__'])('of the stream %j is counted and left', async (logStream) => {
    expect(await ingest.subscription(payloadOf([auditEvent('a'), '{'], { logStream }))).toEqual({ ...nothing, otherStreams: 2 });
    expect([deadLetters.letters.length, state.writes]).toEqual([0, 0]);
  });

  test('without records is left', async () => {
    expect(await ingest.subscription(payloadOf([]))).toEqual(nothing);
  });
});

test.each(['', '/my/own/group', '/aws/eks//cluster', '/aws/eks/a/b/cluster', '__proto__', 'x'.repeat(600), '\ud800'])('the log group %j is taken in', async (logGroup) => {
  expect(await ingest.subscription(payloadOf([auditEvent('a')], { logGroup }))).toMatchObject({ records: 1, requests: 1, malformed: 0 });
});
