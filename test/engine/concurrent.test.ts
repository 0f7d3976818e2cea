import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ContentionError } from '../../lib/engine/contention.ts';
import { Engine } from '../../lib/engine/engine.ts';
import type { AuditEvent } from '../../lib/audit/event.ts';
import { MemoryFindingStore } from '../../lib/memory-stores.ts';
import { ConflictError, type StateItem, type StateStore } from '../../lib/store.ts';
import { outcomeOf, run, storesWith, type Outcome } from './runs.ts';
import { cluster, cut, readSample, slice, type Sample } from './sample.ts';

let sample: Sample;
let deliveries: AuditEvent[][];
let clean: Outcome;
beforeAll(async () => {
  sample = await readSample(['2026-10-14T20:10', '2026-10-15T16:05']);
  const attacks = [...slice(sample.events, '2026-10-14T20:14', 420_000), ...slice(sample.events, '2026-10-15T16:10', 240_000)];
  deliveries = cut(attacks, { count: 6 });
  clean = await run(sample.learned, deliveries);
});

/** Each call waits for some turns of the event loop, so that calls of several engines mix. */
class SlowStore implements StateStore {
  conflicts = 0;
  readonly #store: StateStore;
  readonly #turns: () => number;

  constructor(store: StateStore, turns: () => number) {
    this.#store = store;
    this.#turns = turns;
  }

  async read(keys: readonly string[]): Promise<Map<string, StateItem>> {
    await this.#wait();
    const found = await this.#store.read(keys);
    await this.#wait();
    return found;
  }

  async write(...item: Parameters<StateStore['write']>): Promise<void> {
    await this.#wait();
    try {
      await this.#store.write(...item);
    } catch (error) {
      if (error instanceof ConflictError) this.conflicts += 1;
      throw error;
    }
  }

  async #wait(): Promise<void> {
    for (let turn = this.#turns(); turn > 0; turn--) await Promise.resolve();
  }
}

/** Two engines on one store, each with its own deliveries, in lockstep so that neither is minutes ahead. */
async function runTwo(shares: readonly (readonly AuditEvent[])[][], turns: () => number): Promise<{ outcome: Outcome; conflicts: number }> {
  const stores = { ...(await storesWith(sample.learned)), findings: new MemoryFindingStore() };
  const slow = new SlowStore(stores.state, turns);
  const engines = [0, 1].map(() => new Engine({ state: slow, findings: stores.findings }));
  for (const share of shares) await Promise.all(share.map((events, index) => (engines[index % 2] as Engine).process({ cluster, events })));
  return { outcome: await outcomeOf(stores), conflicts: slow.conflicts };
}

const pairs = (): AuditEvent[][][] => Array.from({ length: Math.ceil(deliveries.length / 2) }, (_, index) => deliveries.slice(2 * index, 2 * index + 2));
/** What findings say, and what was learned, but for what is a matter of order. */
const settled = ({ findings, state }: Outcome) => ({
  findings: findings.map(({ id, identity, category, severity, score, reasons }) => ({ id, identity, category, severity, score, reasons })),
  items: Object.entries(state).filter(([key]) => !key.startsWith('leads|')).map(([key, item]) => [key, key.startsWith('identity|') ? (item as { baseline: unknown }).baseline : item]),
});
const delays = fc.array(fc.nat(9), { minLength: 10, maxLength: 40 });

describe('two engines on one store', () => {
  test.each([['each with half of the deliveries', false], ['both with all deliveries', true]])('%s end as one engine alone', async (_name, isBoth) => {
    let conflicts = 0;
    await fc.assert(fc.asyncProperty(delays, async (turns) => {
      let next = 0;
      const shares = isBoth ? deliveries.map((events) => [events, events]) : pairs();
      const two = await runTwo(shares, () => turns[next++ % turns.length] ?? 0);
      conflicts += two.conflicts;
      expect(settled(two.outcome)).toEqual(settled(clean));
    }), { numRuns: 8 });
    expect(conflicts).toBeGreaterThan(10);
  });
});

describe('an item that others change before every write', () => {
  const store = (state: StateStore, conflicts: number): StateStore => {
    let left = conflicts;
    return { read: (keys) => state.read(keys), write: (...item) => (left-- > 0 ? Promise.reject(new ConflictError(item[0])) : state.write(...item)) };
  };

  test('fails the delivery with the item\'s key, and nothing is lost when it comes again', async () => {
    const stores = { ...(await storesWith(sample.learned)), findings: new MemoryFindingStore() };
    const engine = new Engine({ state: store(stores.state, 20), findings: stores.findings });
    const takeIn = async () => { for (const events of deliveries) await engine.process({ cluster, events }); };
    await expect(takeIn()).rejects.toThrow(ContentionError);
    await takeIn();
    expect(settled(await outcomeOf(stores))).toEqual(settled(clean));
  });

  test('is written when the others stop', async () => {
    const stores = { ...(await storesWith(sample.learned)), findings: new MemoryFindingStore() };
    const engine = new Engine({ state: store(stores.state, 15), findings: stores.findings });
    for (const events of deliveries) await engine.process({ cluster, events });
    expect(settled(await outcomeOf(stores))).toEqual(settled(clean));
  });
});
