import { decodeIdentity, encodeIdentity } from '../../lib/baseline/codec.ts';
import { MemoryStateStore } from '../../lib/memory-stores.ts';
import type { StateItem, StateStore } from '../../lib/store.ts';

/** State in which no identity has companions: what peers and others of a kind do is neither kept nor told. */
export class StateWithoutPeers implements StateStore {
  readonly #inner = new MemoryStateStore();

  /** @inheritdoc */
  read(keys: readonly string[]): Promise<Map<string, StateItem>> {
    return this.#inner.read(keys);
  }

  /** @inheritdoc */
  async write(key: string, bytes: Uint8Array, expectedVersion: number): Promise<void> {
    if (!/^(peers|kind)\|/.test(key)) await this.#inner.write(key, bytes, expectedVersion);
  }
}

/** State in which what was reported is learned like anything else. */
export class StateWithoutQuarantine implements StateStore {
  readonly #inner = new MemoryStateStore();

  /** @inheritdoc Versions are doubled, so that an engine takes no copy of its own for what is kept here. */
  async read(keys: readonly string[]): Promise<Map<string, StateItem>> {
    const found = await this.#inner.read(keys);
    return new Map([...found].map(([key, { bytes, version }]) => [key, { bytes, version: 2 * version }]));
  }

  /** @inheritdoc */
  write(key: string, bytes: Uint8Array, expectedVersion: number): Promise<void> {
    return this.#inner.write(key, key.startsWith('identity|') ? released(bytes) : bytes, expectedVersion / 2);
  }
}

function released(bytes: Uint8Array): Uint8Array {
  const state = decodeIdentity(bytes);
  let isChanged = false;
  for (const trait of state.baseline.traits.values()) isChanged = delete trait.quarantined || isChanged;
  return isChanged ? encodeIdentity(state) : bytes;
}
