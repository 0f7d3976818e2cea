/** What was asked for cannot be done as it was asked: the message says what to do instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError' as const;
}

/** A file or directory that was named cannot be read. */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError' as const;
  readonly path: string;
  constructor(path: string, reason: string, options?: ErrorOptions) {
    super(`${path}: ${reason}`, options);
    this.path = path;
  }
}

/** A table cannot be reached or read: the message says why and what to do. */
export class TableAccessError extends Error {
  override readonly name = 'TableAccessError' as const;
}

/** A log group cannot be reached or read: the message says why and what to do. */
export class LogAccessError extends Error {
  override readonly name = 'LogAccessError' as const;
}

/** A queue, or the function that failed with what lies in it, cannot be reached: the message says why and what to do. */
export class QueueAccessError extends Error {
  override readonly name = 'QueueAccessError' as const;
}

/** Errors that are told to people in one line; anything else is a fault of the program. */
export function isExpected(error: unknown): error is Error {
  return [UsageError, UnreadableFileError, TableAccessError, LogAccessError, QueueAccessError].some((expected) => error instanceof expected);
}
