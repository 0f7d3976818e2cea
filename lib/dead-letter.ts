import * as z from 'zod';
import { logStreamSchema, packSubscription } from './audit/subscription.ts';

/** What a record came in, by which it can be given again. */
export const originSchema = z.discriminatedUnion('kind', [
  /** The record is a whole payload of CloudWatch Logs, as base64. */
  z.object({ kind: z.literal('payload') }),
  /** It is a line of a log stream, or several. */
  z.object({ kind: z.literal('log'), ...logStreamSchema.shape }),
  /** It is of a file in a bucket, where that stays. */
  z.object({ kind: z.literal('file'), bucketName: z.string(), key: z.string() }),
  /** It is the whole event of EventBridge, as JSON. */
  z.object({ kind: z.literal('event') }),
]);

/** What a record came in, by which it can be given again. */
export type Origin = z.output<typeof originSchema>;

/** A record that could not be read. */
export interface DeadLetter {
  /** Why, in words, without any of the record's content. */
  readonly reason: string;
  /** Where it came from, for people: `logGroup/logStream` or a file's name. */
  readonly source: string;
  /** The record, unchanged. */
  readonly record: string;
  readonly origin: Origin;
}

/** Where records go that cannot be read, whole, with the reason. */
export interface DeadLetters {
  send(letter: DeadLetter): Promise<void>;
}

/**
 * Gives the event with which a function is called to read a record once more.
 * @throws {SyntaxError} when the record is to be an event and is no JSON.
 */
export function eventOf({ origin, record }: Pick<DeadLetter, 'origin' | 'record'>): object {
  switch (origin.kind) {
    case 'payload': return { awslogs: { data: record } };
    case 'log': return { awslogs: { data: Buffer.from(packSubscription(origin, record.split('\n'))).toString('base64') } };
    case 'file': return { Records: [{ body: JSON.stringify({ detail: { bucket: { name: origin.bucketName }, object: { key: origin.key } } }) }] };
    case 'event': return JSON.parse(record) as object;
  }
}
