import { beforeEach, describe, expect, test } from '@jest/globals';
import { HeldDeliveries } from '../../lib/backfill/held-deliveries.ts';
import { learnHistory } from '../../lib/backfill/learn-history.ts';
import { learningsCluster, newLearning, stoppedMs, updateLearning } from '../../lib/backfill/learning.ts';
import { Heartbeats } from '../../lib/watch/heartbeat.ts';
import { Pace } from '../../lib/backfill/pace.ts';
import type { AuditEvent } from '../../lib/audit/event.ts';
import { Ingest } from '../../lib/ingest.ts';
import { MemoryDeadLetters, MemoryFindingStore, MemoryStateStore } from '../../lib/memory-stores.ts';
import { allFindings } from '../engine/runs.ts';
import { readSample, slice } from '../engine/sample.ts';
import { auditEvent, subscriptionPayload } from '../lambdas/deliveries.ts';
import { readLearning } from './stored-learning.ts';

const cluster = 'prod';
const now = Date.parse('2026-03-01T09:00:00Z');
const minute = 60_000;

let state: MemoryStateStore;
let asked: string[];
const backfill = { clusters: [cluster, 'shop'], historyMs: 14 * 24 * 60 * minute, ask: (name: string) => { asked.push(name); return Promise.resolve(); } };
beforeEach(() => {
  state = new MemoryStateStore();
  asked = [];
});

describe('of a cluster', () => {
  test('that nothing is known of a learning is begun once, however many are told at once', async () => {
    const held = await Promise.all(Array.from({ length: 5 }, () => new HeldDeliveries(state, backfill).holds(cluster, now)));
    expect(held).toEqual([true, true, true, true, true]);
    expect(asked).toEqual([cluster]);
    expect(await readLearning(state, cluster)).toEqual(newLearning(now, now - backfill.historyMs));
  });

  test('whose log has spoken before none is', async () => {
    const ingest = new Ingest({ state, findings: new MemoryFindingStore(), deadLetters: new MemoryDeadLetters() });
    await ingest.subscription(subscriptionPayload([auditEvent('a')]), now);
    expect(await new HeldDeliveries(state, backfill).holds(cluster, now)).toBe(false);
    expect(asked).toEqual([]);
  });

  test('none is begun when that is turned off, but one that a person began is waited for', async () => {
    expect(await new HeldDeliveries(state).holds(cluster, now)).toBe(false);
    const held = new HeldDeliveries(state);
    await updateLearning(state, cluster, () => newLearning(now, now - minute));
    expect(await held.holds(cluster, now)).toBe(true);
  });

  test('whose log is elsewhere none is begun', async () => {
    expect(await new HeldDeliveries(state, backfill).holds('of-another-account', now)).toBe(false);
  });

  test('nothing is held any more once its learning closes', async () => {
    const held = new HeldDeliveries(state, backfill);
    expect(await held.holds(cluster, now)).toBe(true);
    await updateLearning(state, cluster, (found) => found && { ...found, phase: 'closing', closedAt: now });
    expect(await held.holds(cluster, now)).toBe(false);
  });

  test('a worker is asked for again while none gets on, and after an hour events are scored without it', async () => {
    const held = new HeldDeliveries(state, backfill);
    for (let time = now; time <= now + stoppedMs; time += minute) expect(await held.holds(cluster, time)).toBe(true);
    // At the beginning, and then every eleven minutes.
    expect(asked).toHaveLength(6);
    expect(await held.holds(cluster, now + stoppedMs + 1)).toBe(false);
    await updateLearning(state, cluster, (found) => found && { ...found, progressAt: now + stoppedMs });
    expect(await held.holds(cluster, now + stoppedMs + 1)).toBe(true);
  });

  test('for hours while it waits for its turn, as long as any learning gets on', async () => {
    const held = new HeldDeliveries(state, backfill);
    const others = (time: number) => new Heartbeats(state).beat(learningsCluster, { newest: time, records: 1, malformed: 0 }, time);
    for (let time = now; time <= now + 5 * stoppedMs; time += 10 * minute) {
      await others(time);
      expect(await held.holds(cluster, time)).toBe(true);
    }
    // Whoever gets on will come to it: nobody else is asked.
    expect(asked).toEqual([cluster]);
    expect(await held.holds(cluster, now + 6 * stoppedMs + 1)).toBe(false);
    await others(now + 12 * stoppedMs);
    expect([await held.holds(cluster, now + 12 * stoppedMs), await held.holds(cluster, now + 12 * stoppedMs + 1)]).toEqual([true, false]);
  });

  test('elsewhere too where that is said, as far as it is known where the log is', async () => {
    const [known, unknown] = ['444455556666/us-east-1/prod', '444455556666/prod'];
    for (const one of [known, unknown]) expect(await new HeldDeliveries(state, backfill).holds(one, now)).toBe(false);
    const held = new HeldDeliveries(state, { ...backfill, elsewhere: true });
    expect([await held.holds(known, now), await held.holds(unknown, now)]).toEqual([true, false]);
    expect(asked).toEqual([known]);
  });

  test('that whoever is asked cannot hear, the delivery comes again and asks later', async () => {
    const held = new HeldDeliveries(state, { ...backfill, ask: () => Promise.reject(new Error('queue is away')) });
    await expect(held.holds(cluster, now)).rejects.toThrow('queue is away');
    expect(await new HeldDeliveries(state, backfill).holds(cluster, now + 11 * minute)).toBe(true);
    expect(asked).toEqual([cluster]);
  });
});

test('what is delivered while history is learned is found, and nothing is lost or told twice', async () => {
  const begun = Date.parse('2026-10-14T20:15:00Z');
  const { events } = await readSample(['2026-10-14T20:10']);
  const time = ({ stageTimestamp }: AuditEvent) => Date.parse(stageTimestamp);
  const ordered = slice(events, '2026-10-14T20:10', 20 * minute).sort((one, other) => time(one) - time(other));
  const findings = new MemoryFindingStore();
  let clock = begun;
  const ingest = new Ingest({ state, findings, deadLetters: new MemoryDeadLetters() }, { backfill });
  // The attack is at 20:18: all of it is delivered while history is learned.
  for (const event of ordered.filter((one) => time(one) >= begun && time(one) < begun + 5 * minute)) {
    clock = time(event);
    expect((await ingest.subscription(subscriptionPayload([JSON.stringify(event)]), clock)).held).toBe(1);
  }
  expect(await allFindings(findings)).toEqual([]);
  const history = { page: ({ from, until }: { from: number; until: number }) => Promise.resolve({ records: ordered.filter((one) => time(one) >= from && time(one) < until && time(one) < clock).map((event, index) => ({ time: time(event), id: String(index), message: JSON.stringify(event) })) }) };
  const reading = { pace: new Pace(1000), clock: { now: () => clock, wait: (milliseconds: number) => { clock += milliseconds; return Promise.resolve(); } } };
  for (let again: number | undefined = clock; again !== undefined; ) {
    clock = Math.max(clock, again);
    ({ again } = await learnHistory({ state, findings, history }, cluster, { reading }));
  }
  const found = await findings.query({ limit: 10 });
  expect(found.map(({ category }) => category)).toEqual(['mass-discovery']);
  expect(asked).toEqual([cluster]);
  const report = await ingest.subscription(subscriptionPayload([JSON.stringify(ordered.at(-1))]), clock);
  expect(report).not.toHaveProperty('held');
});
