import { ConflictError, type StateItem, type StateStore } from '../../lib/store.ts';

/** State in memory that begins as another's, which stays as it is. */
export class ForkedState implements StateStore {
  readonly #base: ForkedState | undefined;
  readonly #items = new Map<string, StateItem | undefined>();

  constructor(base?: ForkedState) {
    this.#base = base;
  }

  /** @inheritdoc */
  read(keys: readonly string[]): Promise<Map<string, StateItem>> {
    const found = new Map<string, StateItem>();
    for (const key of keys) {
      const item = this.item(key);
      if (item) found.set(key, item);
    }
    return Promise.resolve(found);
  }

  /** @inheritdoc */
  write(key: string, bytes: Uint8Array, expectedVersion: number): Promise<void> {
    if ((this.item(key)?.version ?? 0) !== expectedVersion) return Promise.reject(new ConflictError(key));
    this.#items.set(key, { bytes: bytes.slice(), version: expectedVersion + 1 });
    return Promise.resolve();
  }

  /** Gives an item, if there is one. */
  item(key: string): StateItem | undefined {
    return this.#items.has(key) ? this.#items.get(key) : this.#base?.item(key);
  }

  /** Puts an item in another's place, or removes it: here and not in what it began as. */
  replace(key: string, item: StateItem | undefined): void {
    this.#items.set(key, item);
  }
}
