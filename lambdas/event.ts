import * as z from 'zod';

/** What a function answers for a batch: the records that must come again. */
export interface BatchResponse {
  batchItemFailures: { itemIdentifier: string }[];
}

/** What a function answers to who gives it a record again, besides: how many it could not read, which are among the dead letters anew. */
export interface ReadAnswer {
  malformed: number;
}

/**
 * Checks an event against what the function takes.
 * @throws {UnknownEventError} when it has another shape.
 */
export function parseEvent<Schema extends z.ZodType>(schema: Schema, event: unknown): z.output<Schema> {
  const parsed = schema.safeParse(event);
  if (!parsed.success) throw new UnknownEventError({ cause: parsed.error });
  return parsed.data;
}

/** The function was called with an event of a source it does not know. */
export class UnknownEventError extends Error {
  override readonly name = 'UnknownEventError' as const;
  constructor(options?: ErrorOptions) {
    super('the event has none of the shapes this function takes; check what it is subscribed to', options);
  }
}
