import { describe, expect, test } from '@jest/globals';
import { ContentionError } from '../../../lib/engine/contention.ts';
import { MemoryStateStore } from '../../../lib/memory-stores.ts';
import { ConflictError, type StateStore } from '../../../lib/store.ts';
import { changeKnownClusters, forgetCluster, knownClusters, meetCluster } from '../../../lib/watch/known-clusters.ts';

describe('the clusters that are watched', () => {
  test('are those that were met, each once', async () => {
    const state = new MemoryStateStore();
    for (const cluster of ['prod', '444455556666/us-east-1/prod', 'prod']) await meetCluster(state, cluster);
    expect(await knownClusters(state)).toEqual(['prod', '444455556666/us-east-1/prod']);
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

  test('stay as they are when an item has no room for more, and can still become fewer', async () => {
    const state = new MemoryStateStore();
    const many = Array.from({ length: 3150 }, (_, index) => `${String(index).padStart(12, '0')}/us-east-1/${'x'.repeat(85)}`);
    await changeKnownClusters(state, () => many);
    await meetCluster(state, 'x'.repeat(1000));
    expect(await knownClusters(state)).toHaveLength(3150);
    await forgetCluster(state, many[0] ?? '');
    expect(await knownClusters(state)).toHaveLength(3149);
  });

  test('are not changed in a race that is lost each time', async () => {
    const memory = new MemoryStateStore();
    const state: StateStore = { read: (keys) => memory.read(keys), write: (key) => Promise.reject(new ConflictError(key)) };
    await expect(meetCluster(state, 'prod')).rejects.toThrow(ContentionError);
  });
});
