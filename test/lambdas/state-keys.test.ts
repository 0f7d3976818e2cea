import { expect, test } from '@jest/globals';
import { MemoryDeadLetters, MemoryFindingStore, MemoryStateStore } from '../../lib/memory-stores.ts';
import type { StateStore } from '../../lib/store.ts';
import { canaryCluster } from '../../lib/watch/canary.ts';
import { itemOf } from '../../lambdas/finding-item.ts';
import { contextOf } from '../../lambdas/local/runner.ts';
import { createNotifyHandler } from '../../lambdas/notify.ts';
import { stateKeys } from '../../lambdas/tables.ts';
import { silentTelemetry } from '../../lambdas/telemetry.ts';
import { createWatchHandler } from '../../lambdas/watch.ts';
import { delivered, loggingChange, scope } from '../lib/trail/calls.ts';
import { finding } from './findings.ts';

/** A store that notes whatever key is asked for. */
function notingStore(): { store: StateStore; keys: Set<string> } {
  const state: StateStore = new MemoryStateStore();
  const keys = new Set<string>();
  return {
    keys,
    store: {
      read: (some) => { for (const key of some) keys.add(key); return state.read(some); },
      write: (key, ...rest) => { keys.add(key); return state.write(key, ...rest); },
    },
  };
}

const isAmong = (key: string, patterns: readonly string[]): boolean => patterns.some((pattern) => (pattern.endsWith('*') ? key.startsWith(pattern.slice(0, -1)) : key === pattern));

test('notify touches only the items that its role may touch', async () => {
  const { store, keys } = notingStore();
  const notify = createNotifyHandler({ state: store, findings: new MemoryFindingStore(), publish: () => Promise.resolve() }, silentTelemetry());
  const changes = [finding(), finding({ id: 'c'.repeat(24), cluster: canaryCluster })];
  await notify({ Records: changes.map((one, index) => ({ eventName: 'INSERT', dynamodb: { SequenceNumber: String(index), Keys: { id: { S: one.id } }, NewImage: itemOf(one, 0) } })) }, contextOf('notify'));
  expect(keys.size).toBe(2);
  for (const key of keys) expect(isAmong(key, stateKeys.notify)).toBe(true);
});

test('watch touches only the items that its role may touch', async () => {
  const { store, keys } = notingStore();
  const watch = createWatchHandler({ state: store, findings: new MemoryFindingStore(), deadLetters: new MemoryDeadLetters() }, { scope, silenceMs: 60_000, now: () => Date.parse('2026-03-01T09:00:00Z') }, silentTelemetry());
  for (const event of [delivered(loggingChange(false)), { 'detail-type': 'Scheduled Event' }]) await watch(event, contextOf('watch'));
  // A heartbeat and a learning of each, the canary's heartbeat and learning, when any learning got on, and the list of clusters.
  expect(keys.size).toBe(2 * scope.clusters.length + 4);
  for (const key of keys) expect(isAmong(key, stateKeys.watch)).toBe(true);
});

test.each(Object.entries(stateKeys))('%s may touch nothing that was learned', (_, patterns) => {
  for (const key of ['identity|prod|anna', 'peers|prod|x', 'kind|prod|person', 'cluster|prod', 'leads|prod', 'addresses|prod|1', 'flows|prod|x', 'names|prod']) expect(isAmong(key, patterns)).toBe(false);
});
