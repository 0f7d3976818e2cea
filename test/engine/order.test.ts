import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AuditEvent } from '../../lib/audit/event.ts';
import { run, type Outcome } from './runs.ts';
import { cut, readSample, timeOf, type Sample } from './sample.ts';
import { settledFinding, settledItem } from './settled.ts';

const fiveMinutes = 300_000;

let sample: Sample;
let clean: Outcome;
beforeAll(async () => {
  sample = await readSample();
  clean = await run(sample.learned, cut(sample.events, { milliseconds: 60_000 }));
});

/** Moves each event by up to so much, and cuts what comes out anyhow. */
function late(events: readonly AuditEvent[], moves: readonly number[], lengths: readonly number[]): AuditEvent[][] {
  const moved = events.map((event, index) => ({ event, arrives: timeOf(event) + (moves[index % moves.length] ?? 0) }));
  const arrived = moved.sort((one, other) => one.arrives - other.arrives).map(({ event }) => event);
  const deliveries: AuditEvent[][] = [];
  for (let start = 0; start < arrived.length;) {
    const end = start + (lengths[deliveries.length % lengths.length] ?? 1);
    deliveries.push(arrived.slice(start, end));
    start = end;
  }
  return deliveries;
}

const moves = fc.array(fc.integer({ min: 0, max: fiveMinutes }), { minLength: 50, maxLength: 200 });
const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 });

function settled({ findings, state }: Outcome): unknown {
  return { findings: findings.map(settledFinding), items: Object.entries(state).map(([key, item]) => [key, settledItem(key, item)]) };
}

describe('events that come up to five minutes late', () => {
  test('lead to the same findings, severities, scores and reasons, and to the same baselines', async () => {
    await fc.assert(fc.asyncProperty(moves, lengths, async (by, of) => {
      expect(settled(await run(sample.learned, late(sample.events, by, of)))).toEqual(settled(clean));
    }), { numRuns: 10, endOnFailure: true });
  });

  test('lead to the same when some come twice', async () => {
    await fc.assert(fc.asyncProperty(moves, lengths, async (by, of) => {
      const twice = [...sample.events, ...sample.events].sort((one, other) => timeOf(one) - timeOf(other));
      expect(settled(await run(sample.learned, late(twice, by, of)))).toEqual(settled(clean));
    }), { numRuns: 5, endOnFailure: true });
  });

  test('in whole deliveries that overtake each other lead to the same', async () => {
    await fc.assert(fc.asyncProperty(moves, async (by) => {
      const deliveries = cut(sample.events, { milliseconds: 20_000 });
      const arrivals = deliveries.map((events, index) => ({ events, arrives: timeOf(events[0] as AuditEvent) + (by[index % by.length] ?? 0) }));
      const overtaken = arrivals.sort((one, other) => one.arrives - other.arrives).map(({ events }) => events);
      expect(settled(await run(sample.learned, overtaken))).toEqual(settled(clean));
    }), { numRuns: 5, endOnFailure: true });
  });
});
