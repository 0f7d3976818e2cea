import { beforeAll, describe, expect, test } from '@jest/globals';
import type { AuditEvent } from '../../lib/audit/event.ts';
import { Engine } from '../../lib/engine/engine.ts';
import { MemoryFindingStore } from '../../lib/memory-stores.ts';
import type { FindingStore, StateStore } from '../../lib/store.ts';
import { allFindings, storesWith, type Outcome, type RunStores } from './runs.ts';
import { cluster, cut, readSample, slice, type Sample } from './sample.ts';
import type { TracedStateStore } from './traced-state.ts';

/** How a call fails: before anything was done, or after it was done and before the answer came. */
type Death = 'before' | 'after';

/** The process dies at a call of a store; it can be told which. */
class Fate {
  calls = 0;
  readonly #at: number;
  readonly #death: Death;

  constructor(at: number, death: Death) {
    this.#at = at;
    this.#death = death;
  }

  async call<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    const dies = ++this.calls === this.#at;
    if (dies && this.#death === 'before') throw new Error('killed before the call');
    const answer = await work();
    if (dies) throw new Error('killed before the answer');
    return answer;
  }
}

function mortal({ state, findings }: RunStores, fate: Fate): { state: StateStore; findings: FindingStore } {
  return {
    state: {
      read: (keys) => fate.call(() => state.read(keys)),
      write: (...item) => fate.call(() => state.write(...item)),
    },
    findings: {
      put: (finding) => fate.call(() => findings.put(finding)),
      get: (id) => findings.get(id),
      query: (query) => findings.query(query),
      setStatus: (id, status) => findings.setStatus(id, status),
    },
  };
}

let sample: Sample;
let deliveries: AuditEvent[][];
let clean: Outcome;
let calls: number;
beforeAll(async () => {
  sample = await readSample();
  const attacks = [...slice(sample.events, '2026-10-14T20:16', 240_000), ...slice(sample.events, '2026-10-15T16:11', 120_000)];
  deliveries = cut(attacks, { count: 5 });
  const immortal = new Fate(0, 'before');
  clean = await runMortal(immortal, true);
  calls = immortal.calls;
});

/** Runs until the process is killed, then on with a new one, or with the same engine when only the call failed. */
async function runMortal(fate: Fate, isNewProcess: boolean): Promise<Outcome> {
  const stores = { ...(await storesWith(sample.learned)), findings: new MemoryFindingStore() };
  let engine = new Engine(mortal(stores, fate));
  let deaths = 0;
  for (const events of deliveries) {
    try {
      await engine.process({ cluster, events });
    } catch {
      deaths += 1;
      if (isNewProcess) engine = new Engine(mortal(stores, fate));
      await engine.process({ cluster, events });
    }
  }
  expect(deaths).toBeLessThanOrEqual(1);
  return { findings: await allFindings(stores.findings), state: await bytesOf(stores.state), writes: stores.state.writes };
}

/** Comparing bytes is stricter than comparing what they mean, and much faster. */
async function bytesOf(state: TracedStateStore): Promise<Record<string, string>> {
  return Object.fromEntries([...(await state.items())].map(([key, { bytes }]) => [key, Buffer.from(bytes).toString('latin1')]));
}

const lasting = ({ findings, state }: Outcome) => ({ findings, state });

describe('a run ends as if nothing had happened', () => {
  test.each<[string, Death, boolean, number]>([
    ['killed before any one', 'before', true, 1],
    ['killed after any one', 'after', true, 1],
    ['refused one', 'before', false, 3],
    ['left without an answer to one', 'after', false, 3],
  ])('though it is %s of the calls of its stores', async (_name, death, isNewProcess, step) => {
    expect(calls).toBeGreaterThan(100);
    for (let at = 1; at <= calls; at += step) {
      const outcome = await runMortal(new Fate(at, death), isNewProcess);
      expect({ at, ...lasting(outcome) }).toEqual({ at, ...lasting(clean) });
    }
  });
});

test('what is done twice because an answer was lost is not counted twice', async () => {
  expect(clean.findings.map(({ severity }) => severity)).toContain('critical');
  for (let at = 1; at <= calls; at += 5) expect((await runMortal(new Fate(at, 'after'), true)).writes).toBe(clean.writes);
});
