import { ConflictError, type StateStore } from '../store.ts';
import { ContentionError, maxAttempts } from './contention.ts';

/** Reads and writes one sort of state. */
export interface Codec<State> {
  encode(state: State): Uint8Array;
  decode(bytes: Uint8Array): State;
}

/** A state that was read, ready to be changed in place and written back. */
export interface Held<State> {
  /** `undefined` while there is no such item. */
  state: State | undefined;
  version: number;
}

const cacheSize = 3000;

/**
 * State items in their decoded form. What was decoded or written last is kept, so that an item that nobody else has
 * changed is not decoded again; the store's version decides, so a stale copy is never used.
 */
export class StateItems<State> {
  readonly #store: StateStore;
  readonly #codec: Codec<State>;
  readonly #cache = new Map<string, Held<State>>();

  constructor(store: StateStore, codec: Codec<State>) {
    this.#store = store;
    this.#codec = codec;
  }

  /** Gives items to change; each must then be saved or released. */
  async take(keys: readonly string[]): Promise<Map<string, Held<State>>> {
    const found = await this.#store.read(keys);
    const taken = new Map<string, Held<State>>();
    for (const key of new Set(keys)) {
      const cached = this.#cache.get(key);
      const item = found.get(key);
      // A copy that is being changed must not serve anybody else until it is saved.
      this.#cache.delete(key);
      if (!item) taken.set(key, { state: undefined, version: 0 });
      else if (cached?.version === item.version) taken.set(key, cached);
      else taken.set(key, { state: this.#codec.decode(item.bytes), version: item.version });
    }
    return taken;
  }

  /**
   * Adds to an item in place, as often as others write it meanwhile; `add` says whether anything changed.
   * @throws {ContentionError} when others were first each time; and whatever the store throws.
   */
  async update(key: string, create: () => State, add: (state: State) => boolean): Promise<void> {
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const held = (await this.take([key])).get(key) as Held<State>;
      const changed = add((held.state ??= create()));
      if (changed) {
        if (await this.save(key, held)) return;
      } else {
        if (held.version > 0) this.release(key, held);
        return;
      }
    }
    throw new ContentionError(key);
  }

  /** Keeps an item that was taken and not changed. */
  release(key: string, held: Held<State>): void {
    if (this.#cache.size >= cacheSize) this.#cache.delete(this.#cache.keys().next().value ?? '');
    this.#cache.set(key, held);
  }

  /**
   * Writes an item that was taken. `false` when somebody else has changed it meanwhile: take it again.
   * @throws whatever the store throws, but for conflicts.
   */
  async save(key: string, held: Held<State>, expiresAtEpochSeconds?: number): Promise<boolean> {
    if (held.state === undefined) return true;
    try {
      await this.#store.write(key, this.#codec.encode(held.state), held.version, expiresAtEpochSeconds);
    } catch (error) {
      if (error instanceof ConflictError) return false;
      throw error;
    }
    this.release(key, { state: held.state, version: held.version + 1 });
    return true;
  }
}
