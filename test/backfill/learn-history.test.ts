import { beforeAll, describe, expect, test } from '@jest/globals';
import { learnHistory, type LearningPorts } from '../../lib/backfill/learn-history.ts';
import { newLearning, updateLearning, workerMs, type Learning } from '../../lib/backfill/learning.ts';
import { HistoryError, type HistoryRecord, type LogHistory } from '../../lib/backfill/log-history.ts';
import { Pace } from '../../lib/backfill/pace.ts';
import { learningKey } from '../../lib/engine/state-keys.ts';
import type { Finding } from '../../lib/finding.ts';
import { MemoryFindingStore } from '../../lib/memory-stores.ts';
import { allFindings } from '../engine/runs.ts';
import { cluster, readSample, slice } from '../engine/sample.ts';
import { decoded, TracedStateStore } from '../engine/traced-state.ts';
import { readLearning } from './stored-learning.ts';

const hour = 3_600_000;
const begun = Date.parse('2026-10-14T20:12:00Z');

/** All of them are there when it begins, so that it does not matter how long it takes. */
let records: HistoryRecord[];
beforeAll(async () => {
  const { events } = await readSample(['2026-10-14T20:10']);
  const ordered = slice(events, '2026-10-14T20:10', 12 * 60_000).map((event) => ({ event, time: Date.parse(event.stageTimestamp) })).filter(({ time }) => time < begun + 10 * 60_000).sort((one, other) => one.time - other.time);
  records = ordered.map(({ event, time }, index) => ({ time, id: String(index), message: JSON.stringify(event) }));
});

/** The process dies at a call of what is outside: before it was done, or before its answer came. */
class Fate {
  calls = 0;
  readonly #at: number;
  readonly #afterwards: boolean;

  constructor(at = 0, afterwards = false) {
    this.#at = at;
    this.#afterwards = afterwards;
  }

  async call<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    const dies = ++this.calls === this.#at;
    if (dies && !this.#afterwards) throw new Error('killed before the call');
    const answer = await work();
    if (dies) throw new Error('killed before the answer');
    return answer;
  }
}

class World {
  now = begun + 13 * 60_000;
  readonly state = new TracedStateStore();
  readonly findings = new MemoryFindingStore();
  readonly clock = { now: () => this.now, wait: (milliseconds: number) => { this.now += milliseconds; return Promise.resolve(); } };
  readonly #fate: Fate;

  constructor(fate = new Fate()) {
    this.#fate = fate;
  }

  /** Pages of few records; what is yet to come is not there. */
  readonly history: LogHistory = {
    page: ({ from, until, token = '0' }) => this.#fate.call(() => {
      const found = records.filter(({ time }) => time >= from && time < until && time <= this.now);
      const end = Number(token) + 12;
      return Promise.resolve({ records: found.slice(Number(token), end), ...(end < found.length ? { next: String(end) } : {}) });
    }),
  };

  readonly ports: LearningPorts = {
    history: this.history,
    state: { read: (keys) => this.#fate.call(() => this.state.read(keys)), write: (...item) => this.#fate.call(() => this.state.write(...item)) },
    findings: Object.assign(Object.create(this.findings) as MemoryFindingStore, { put: (finding: Finding) => this.#fate.call(() => this.findings.put(finding)) }),
  };

  async begin(): Promise<void> {
    await updateLearning(this.state, cluster, () => ({ ...newLearning(begun, begun - hour) }));
  }

  /** Works as often as it takes; after a death somebody else goes on when the dead one's time is over. */
  async finish(isOver?: () => boolean): Promise<Learning> {
    for (;;) {
      try {
        const { learning, again } = await learnHistory(this.ports, cluster, { reading: { pace: new Pace(1000), clock: this.clock }, ...(isOver ? { isOver } : {}) });
        if (learning?.phase === 'learned') return learning;
        this.now = Math.max(this.now, again ?? 0);
      } catch (error) {
        expect((error as Error).message).toMatch(/^killed/);
        this.now += workerMs + 1;
      }
    }
  }

  /** What is left: what was learned, findings, and how much was read. */
  async outcome(): Promise<object> {
    const learning = await readLearning(this.state, cluster);
    this.state.keys.delete(learningKey(cluster));
    return { state: await decoded(this.state), findings: await allFindings(this.findings), phase: learning?.phase, events: learning?.events, malformed: learning?.malformed };
  }
}

async function finished(fate?: Fate, isOver?: () => boolean): Promise<World> {
  const world = new World(fate);
  await world.begin();
  await world.finish(isOver);
  return world;
}

describe('a learning', () => {
  test('reads all that there is, learns from what was before it and scores what came after', async () => {
    const world = await finished();
    const learning = await readLearning(world.state, cluster);
    expect(learning).toMatchObject({ phase: 'learned', malformed: 0, workerUntil: 0 });
    expect(learning?.events).toBe(records.filter(({ time }) => time < (learning?.readUntil ?? 0)).length);
    const findings = await allFindings(world.findings);
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.every(({ firstSeen }) => Date.parse(firstSeen) >= begun)).toBe(true);
  });

  test('ends the same though it is stopped whenever it got on', async () => {
    let asked = 0;
    const stopped = await finished(undefined, () => ++asked % 2 === 0);
    expect(await stopped.outcome()).toEqual(await (await finished()).outcome());
  });

  test.each([['before', false], ['after', true]])('ends the same though the process is killed %s any one of its calls', async (_, afterwards) => {
    /** It is stopped after each third page, so that there are many places to go on from. */
    const run = (fate: Fate) => {
      let pages = 0;
      return finished(fate, () => ++pages % 3 === 0);
    };
    const fate = new Fate();
    const clean = await (await run(fate)).outcome();
    expect(fate.calls).toBeGreaterThan(100);
    for (let at = 1; at <= fate.calls; at++) expect({ at, ...(await (await run(new Fate(at, afterwards))).outcome()) }).toEqual({ at, ...clean });
  });

  test('is worked on by one at a time, and by another once the first is gone', async () => {
    const world = new World();
    await world.begin();
    await updateLearning(world.state, cluster, (found) => found && { ...found, workerUntil: world.now + 1000 });
    const reading = { pace: new Pace(1000), clock: world.clock };
    expect(await learnHistory(world.ports, cluster, { reading })).toMatchObject({ isBusy: true, again: world.now + 1000, learning: { events: 0 } });
    world.now += 1001;
    expect(await learnHistory(world.ports, cluster, { reading })).toMatchObject({ isBusy: false, learning: { phase: 'closing' } });
  });

  test('has deliveries taken in again before it reads the last that was left to it', async () => {
    const world = new World();
    await world.begin();
    const reading = { pace: new Pace(1000), clock: world.clock };
    const { learning, again = 0 } = await learnHistory(world.ports, cluster, { reading });
    expect(learning?.phase).toBe('closing');
    // What was under way when it closed comes a minute later at most, and the log gives all after two.
    expect(again - (learning?.closedAt ?? 0)).toBe(3 * 60_000);
    expect(await learnHistory(world.ports, cluster, { reading })).toMatchObject({ learning: { phase: 'closing' }, again });
    world.now = again;
    const done = await learnHistory(world.ports, cluster, { reading });
    expect(done).toMatchObject({ learning: { phase: 'learned' }, again: undefined });
    expect(done.learning?.readUntil).toBeGreaterThan(learning?.closedAt ?? Infinity);
    expect((await learnHistory(world.ports, cluster, { reading })).learning).toEqual(done.learning);
  });

  test('is free for others again when the log cannot be read, and says why', async () => {
    const world = new World();
    await world.begin();
    const history = { page: () => Promise.reject(new HistoryError('not-allowed', '/aws/eks/shop/cluster')) };
    await expect(learnHistory({ ...world.ports, history }, cluster, { reading: { pace: new Pace(1000), clock: world.clock } })).rejects.toThrow('logs:FilterLogEvents');
    expect(await readLearning(world.state, cluster)).toMatchObject({ phase: 'learning', workerUntil: 0, readUntil: begun - hour });
  });

  test('of a cluster that nobody began is none', async () => {
    const world = new World();
    expect(await learnHistory(world.ports, cluster, { reading: { pace: new Pace(1000), clock: world.clock } })).toEqual({ learning: undefined, again: undefined, isBusy: false });
  });

  test('counts records that are no audit events', async () => {
    const kept = records;
    records = [...kept, { time: begun - 1, id: 'x', message: '{"auditID":"x"}' }].sort((one, other) => one.time - other.time);
    try {
      expect(await readLearning((await finished()).state, cluster)).toMatchObject({ phase: 'learned', malformed: 1 });
    } finally {
      records = kept;
    }
  });
});

