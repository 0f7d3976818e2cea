import { decodeGroup, decodeIdentity, decodeLeads } from '../../lib/baseline/codec.ts';
import { decodeFlows } from '../../lib/egress/flow-codec.ts';
import { MemoryStateStore } from '../../lib/memory-stores.ts';
import type { StateItem, StateStore } from '../../lib/store.ts';

/** Knows what was written to a store. */
export class TracedStateStore implements StateStore {
  readonly keys = new Set<string>();
  writes = 0;
  readonly #store: StateStore;

  constructor(store: StateStore = new MemoryStateStore()) {
    this.#store = store;
  }

  read(keys: readonly string[]): Promise<Map<string, StateItem>> {
    return this.#store.read(keys);
  }

  async write(key: string, bytes: Uint8Array, expectedVersion: number, expiresAtEpochSeconds?: number): Promise<void> {
    await this.#store.write(key, bytes, expectedVersion, expiresAtEpochSeconds);
    this.keys.add(key);
    this.writes += 1;
  }

  /** The items as they are stored. */
  items(): Promise<Map<string, StateItem>> {
    return this.read([...this.keys].sort());
  }

  /** A store with the same items, each at version 1; its writes are counted from there. */
  async copy(target: StateStore = new MemoryStateStore()): Promise<TracedStateStore> {
    const copied = new TracedStateStore(target);
    await Promise.all([...(await this.items())].map(([key, { bytes }]) => copied.write(key, bytes, 0)));
    copied.writes = 0;
    return copied;
  }
}

/** All state as the engine reads it, by key; when a log last spoke is nothing to it. */
export async function decoded(state: TracedStateStore): Promise<Record<string, unknown>> {
  const items = [...(await state.items())].filter(([key]) => !key.startsWith('heartbeat|')).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(items.map(([key, { bytes }]) => [key, decodedItem(key, bytes)]));
}

/** An item as the engine reads it. */
export function decodedItem(key: string, bytes: Uint8Array): unknown {
  if (key.startsWith('identity|')) return decodeIdentity(bytes);
  // A workload's has its name after the cluster's; what they all send to is a group.
  if (/^flows\|[^|]*\|/.test(key)) return decodeFlows(bytes);
  return key.startsWith('leads|') ? decodeLeads(bytes) : decodeGroup(bytes);
}
