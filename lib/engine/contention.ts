import { ConflictError, type StateStore } from '../store.ts';

/** So often an item is read again that others have changed meanwhile. */
export const maxAttempts = 20;

/** Others changed an item each time it was about to be written: give the delivery again. */
export class ContentionError extends Error {
  override readonly name = 'ContentionError' as const;
  readonly key: string;
  constructor(key: string, options?: ErrorOptions) {
    super(`state item ${key} was changed by others in each of ${String(maxAttempts)} attempts to write it`, options);
    this.key = key;
  }
}

/**
 * Changes an item of the state, on whatever others write meanwhile: `change` gives what is to be written instead of what is there, or `undefined`
 * to leave it.
 * @returns whether it was written.
 * @throws {ContentionError} when others were first each time; and whatever the store throws.
 */
export async function changeItem(state: StateStore, key: string, change: (bytes: Uint8Array | undefined) => Uint8Array | undefined): Promise<boolean> {
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const item = (await state.read([key])).get(key);
    const changed = change(item?.bytes);
    if (!changed) return false;
    try {
      await state.write(key, changed, item?.version ?? 0);
      return true;
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
    }
  }
  throw new ContentionError(key);
}
