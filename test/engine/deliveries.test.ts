import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { allFindings, run, type Outcome } from './runs.ts';
import { MemoryDeadLetters, MemoryFindingStore } from '../../lib/memory-stores.ts';
import { contextOf } from '../../lambdas/local/runner.ts';
import { createIngestHandler } from '../../lambdas/ingest.ts';
import { silentTelemetry } from '../../lambdas/telemetry.ts';
import { payloadOf } from './payloads.ts';
import { cut, readSample, type Sample } from './sample.ts';
import { decoded } from './traced-state.ts';

let sample: Sample;
let clean: Outcome;
beforeAll(async () => {
  sample = await readSample();
  clean = await run(sample.learned, cut(sample.events, { milliseconds: 60_000, count: 500 }));
});

const withoutWrites = ({ findings, state }: Outcome) => ({ findings, state });

test('the attacks of the sample are found, so that there is something to compare', () => {
  expect(clean.findings.length).toBeGreaterThan(3);
  expect(clean.findings.map(({ severity }) => severity)).toContain('critical');
});

describe('findings and state are the same, whole, when the events come', () => {
  test.each([
    ['one by one', { count: 1 }],
    ['by sevens', { count: 7 }],
    ['by the ten seconds', { milliseconds: 10_000 }],
    ['by the hour', { milliseconds: 3_600_000 }],
    ['by the day', { milliseconds: 86_400_000 }],
    ['all at once', {}],
  ])('%s', async (_name, limits) => {
    expect(withoutWrites(await run(sample.learned, cut(sample.events, limits)))).toEqual(withoutWrites(clean));
  });

  test('cut anyhow', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 60 }), async (lengths) => {
      const deliveries = [];
      for (let start = 0, index = 0; start < sample.events.length; index++) {
        const end = start + (lengths[index % lengths.length] ?? 1);
        deliveries.push(sample.events.slice(start, end));
        start = end;
      }
      expect(withoutWrites(await run(sample.learned, deliveries))).toEqual(withoutWrites(clean));
    }), { numRuns: 8 });
  });
});

describe('the ingest function', () => {
  test.each([['direct', false], ['through Kinesis', true]])('finds and learns the same from gzip payloads, %s', async (_name, isStream) => {
    const state = await sample.learned.copy();
    const ports = { state, findings: new MemoryFindingStore(), deadLetters: new MemoryDeadLetters() };
    const ingest = createIngestHandler(ports, silentTelemetry());
    for (const [index, events] of cut(sample.events, { count: 100 }).entries()) {
      const data = payloadOf(events.map((event) => JSON.stringify(event))).toString('base64');
      const event = isStream ? { Records: [{ kinesis: { data, sequenceNumber: String(index) } }] } : { awslogs: { data } };
      expect(await ingest(event, contextOf('ingest'))).toMatchObject({ batchItemFailures: [] });
    }
    expect(await allFindings(ports.findings)).toEqual(clean.findings);
    expect(await decoded(state)).toEqual(clean.state);
    expect(ports.deadLetters.letters).toEqual([]);
  });
});
