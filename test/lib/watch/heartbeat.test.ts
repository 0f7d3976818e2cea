import { describe, expect, test } from '@jest/globals';
import { MemoryStateStore } from '../../../lib/memory-stores.ts';
import { ConflictError, type StateStore } from '../../../lib/store.ts';
import { Heartbeats, readHeartbeat } from '../../../lib/watch/heartbeat.ts';

const start = Date.parse('2026-03-01T09:00:00Z');
const minute = 60_000;
const beat = (newest: number | undefined, records = 10, malformed = 0) => ({ newest, records, malformed });

/** A store that counts what is written. */
function counted(): { state: StateStore; writes: () => number } {
  const state = new MemoryStateStore();
  let writes = 0;
  const write: StateStore['write'] = (key, bytes, version) => { writes += 1; return state.write(key, bytes, version); };
  return { state: { read: (keys) => state.read(keys), write }, writes: () => writes };
}

async function known(state: StateStore) {
  return (await readHeartbeat(state, 'prod')).heartbeat;
}

describe('a heartbeat', () => {
  test('is written at most once in five minutes, however much comes', async () => {
    const { state, writes } = counted();
    const heartbeats = new Heartbeats(state);
    for (let second = 0; second < 3600; second++) await heartbeats.beat('prod', beat(start + second * 1000), start + second * 1000);
    expect(writes()).toBe(12);
    expect(await known(state)).toMatchObject({ since: start, newest: start + 55 * minute });
  });

  test('is written by many functions together hardly more often than by one, and holds what all took in after an hour', async () => {
    const { state, writes } = counted();
    const functions = Array.from({ length: 20 }, () => new Heartbeats(state));
    for (let second = 0; second < 3600; second += 3) await functions[(second / 3) % 20]?.beat('prod', beat(start + second * 1000), start + second * 1000);
    expect(writes()).toBeLessThanOrEqual(13);
    expect((await known(state))?.newest).toBeGreaterThanOrEqual(start + 54 * minute);
    for (const [index, one] of functions.entries()) await one.beat('prod', beat(start + 70 * minute), start + 70 * minute + index * 1000);
    expect((await known(state))?.hours.reduce((sum, { records }) => sum + records, 0)).toBe(1220 * 10);
  });

  test('is written at once by whoever took in what could not be read', async () => {
    const state = new MemoryStateStore();
    await new Heartbeats(state).beat('prod', beat(start), start);
    await new Heartbeats(state).beat('prod', beat(start, 10, 3), start + 1000);
    expect((await known(state))?.hours).toEqual([{ hour: start / (60 * minute), records: 20, malformed: 3 }]);
  });

  test('holds the newest event, in whatever order they come', async () => {
    const state = new MemoryStateStore();
    await new Heartbeats(state).beat('prod', beat(start + minute), start + minute);
    await new Heartbeats(state).beat('prod', beat(start, 10, 1), start + 2 * minute);
    expect((await known(state))?.newest).toBe(start + minute);
  });

  test('is never ahead of the clock, since a cluster would look alive after it fell silent', async () => {
    const state = new MemoryStateStore();
    await new Heartbeats(state).beat('prod', beat(start + 1000 * minute), start);
    expect((await known(state))?.newest).toBe(start);
  });

  test('counts records of two hours, and those that could not be read', async () => {
    const state = new MemoryStateStore();
    const heartbeats = new Heartbeats(state);
    for (const hour of [0, 1, 2]) await heartbeats.beat('prod', beat(undefined, 10 + hour, hour), start + hour * 60 * minute);
    expect((await known(state))?.hours.map(({ records, malformed }) => [records, malformed])).toEqual([[11, 1], [12, 2]]);
    expect((await known(state))?.newest).toBeUndefined();
  });

  test('of two functions counts what both took in, though one was first to write', async () => {
    const state = new MemoryStateStore();
    let conflicts = 1;
    const write: StateStore['write'] = (key, bytes, version) => (conflicts-- > 0 ? Promise.reject(new ConflictError(key)) : state.write(key, bytes, version));
    const contended: StateStore = { read: (keys) => state.read(keys), write };
    const heartbeats = new Heartbeats(contended);
    await heartbeats.beat('prod', beat(start), start);
    expect(await known(state)).toBeUndefined();
    await heartbeats.beat('prod', beat(start + 5 * minute), start + 5 * minute);
    expect((await known(state))?.hours).toEqual([{ hour: start / (60 * minute), records: 20, malformed: 0 }]);
  });

  test('is each cluster\'s own', async () => {
    const state = new MemoryStateStore();
    const heartbeats = new Heartbeats(state);
    await heartbeats.beat('prod', beat(start), start);
    await heartbeats.beat('staging', beat(start - minute), start);
    expect([(await known(state))?.newest, (await readHeartbeat(state, 'staging')).heartbeat?.newest]).toEqual([start, start - minute]);
  });
});
