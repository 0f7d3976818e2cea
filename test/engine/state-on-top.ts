import type { StateItem, StateStore } from '../../lib/store.ts';

/** A store on top of what was learned, which is in no store: whoever first writes such an item makes it. `learnedOf` gives the bytes of an item by its key. */
export function stateOnTop(state: StateStore, learnedOf: (key: string) => Uint8Array | undefined): StateStore {
  return {
    read: async (keys): Promise<Map<string, StateItem>> => {
      const found = await state.read(keys);
      for (const key of keys) {
        const bytes = found.has(key) ? undefined : learnedOf(key);
        if (bytes) found.set(key, { bytes, version: 0 });
      }
      return found;
    },
    write: (...item) => state.write(...item),
  };
}
