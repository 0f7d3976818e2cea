import { describe, expect, test } from '@jest/globals';
import { ContentionError } from '../../../lib/engine/contention.ts';
import { MemoryStateStore } from '../../../lib/memory-stores.ts';
import { ConflictError, type StateStore } from '../../../lib/store.ts';
import { forgetCluster, knownClusters, meetCluster, nameClusters } from '../../../lib/watch/known-clusters.ts';

describe('the clusters that are watched', () => {
  test('are those that were met, each once', async () => {
    const state = new MemoryStateStore();
    for (const cluster of ['prod', '444455556666/us-east-1/prod', 'prod']) await meetCluster(state, cluster);
    expect((await knownClusters(state)).sort()).toEqual(['444455556666/us-east-1/prod', 'prod']);
  });

  test('are those that the deployment names besides, first and each once', async () => {
    const state = new MemoryStateStore();
    for (const cluster of ['prod', 'other']) await meetCluster(state, cluster);
    await nameClusters(state, ['staging', 'prod']);
    expect(await knownClusters(state)).toEqual(['staging', 'prod', 'other']);
    await nameClusters(state, ['staging']);
    expect((await knownClusters(state)).sort()).toEqual(['other', 'prod', 'staging']);
  });

  test('are all met ones when many are met at once', async () => {
    const state = new MemoryStateStore();
    const names = Array.from({ length: 15 }, (_, index) => `cluster-${String(index)}`);
    await Promise.all(names.map((name) => meetCluster(state, name)));
    expect((await knownClusters(state)).sort()).toEqual(names.sort());
  });

  test('are no longer those that were forgotten, until they are met again', async () => {
    const state = new MemoryStateStore();
    await meetCluster(state, 'prod');
    expect(await forgetCluster(state, 'prod')).toBe(true);
    expect(await forgetCluster(state, 'prod')).toBe(false);
    expect(await knownClusters(state)).toEqual([]);
    await meetCluster(state, 'prod');
    expect(await knownClusters(state)).toEqual(['prod']);
  });

  test('are small to write however many there are, and bounded', async () => {
    const memory = new MemoryStateStore();
    let largest = 0;
    const state: StateStore = { read: (keys) => memory.read(keys), write: (key, bytes, version) => { largest = Math.max(largest, bytes.length); return memory.write(key, bytes, version); } };
    for (let index = 0; index < 20_000; index++) await meetCluster(state, `${String(index).padStart(12, '0')}/us-east-1/production`);
    expect(largest).toBeLessThanOrEqual(8000);
    const known = await knownClusters(state);
    expect(known.length).toBeGreaterThan(10_000);
    expect(known.length).toBeLessThan(16_000);
    await forgetCluster(state, known[0] ?? '');
    expect(await knownClusters(state)).toHaveLength(known.length - 1);
  });

  test('are not changed in a race that is lost each time', async () => {
    const memory = new MemoryStateStore();
    const state: StateStore = { read: (keys) => memory.read(keys), write: (key) => Promise.reject(new ConflictError(key)) };
    await expect(meetCluster(state, 'prod')).rejects.toThrow(ContentionError);
  });
});
