import { beforeAll, describe, expect, test } from '@jest/globals';
import { outcomeOf, process, run, storesWith, type Outcome } from './runs.ts';
import type { AuditEvent } from '../../lib/audit/event.ts';
import { Engine } from '../../lib/engine/engine.ts';
import type { Finding } from '../../lib/finding.ts';
import { MemoryFindingStore } from '../../lib/memory-stores.ts';
import { cluster, cut, readSample, type Sample } from './sample.ts';

let sample: Sample;
let deliveries: AuditEvent[][];
let clean: Outcome;
beforeAll(async () => {
  // Seven hours, so that a repeat can come hours later.
  sample = await readSample(Array.from({ length: 21 }, (_, index) => new Date(Date.UTC(2026, 9, 15, 11, 20 + 20 * index)).toISOString().slice(0, 16)));
  deliveries = cut(sample.events, { milliseconds: 60_000 });
  clean = await run(sample.learned, deliveries);
});

/** A finding store that counts what is written. */
class CountedFindings extends MemoryFindingStore {
  written = 0;
  override async put(finding: Finding): Promise<boolean> {
    const isWritten = await super.put(finding);
    this.written += Number(isWritten);
    return isWritten;
  }
}

describe('a delivery that comes again', () => {
  test('at once changes and writes nothing', async () => {
    expect(await run(sample.learned, deliveries.flatMap((events) => [events, events]))).toEqual(clean);
  });

  test.each([1, 10, 60, 200])('%d deliveries later changes and writes nothing', async (lag) => {
    const repeated = deliveries.flatMap((events, index) => [events, ...(index >= lag ? [deliveries[index - lag] ?? []] : [])]);
    expect(await run(sample.learned, repeated)).toEqual(clean);
  });

  test('after the end, with all others, writes neither state nor findings', async () => {
    const stores = { ...(await storesWith(sample.learned)), findings: new CountedFindings() };
    await process(stores, deliveries);
    const writes = [stores.state.writes, stores.findings.written];
    await process(stores, deliveries);
    expect([stores.state.writes, stores.findings.written]).toEqual(writes);
    expect(await outcomeOf(stores)).toEqual(clean);
  });

  test('cut in another way changes and writes nothing', async () => {
    const stores = await storesWith(sample.learned);
    await process(stores, deliveries);
    await process(stores, cut(sample.events, { count: 7 }));
    await process(stores, [sample.events]);
    expect(await outcomeOf(stores)).toEqual(clean);
  });

  test('says that it changed nothing', async () => {
    const engine = new Engine(await storesWith(sample.learned));
    const [events = []] = cut(sample.events, {});
    expect((await engine.process({ cluster, events })).findings).toBeGreaterThan(0);
    expect((await engine.process({ cluster, events })).findings).toBe(0);
  });
});

test('a delivery without requests writes nothing', async () => {
  const stores = await storesWith(sample.learned);
  await process(stores, [[]]);
  expect(stores.state.writes).toBe(0);
});
