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
