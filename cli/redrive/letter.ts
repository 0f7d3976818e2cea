import * as z from 'zod';
import { lettersOf, MissingPartError, partOf, type Part, type ReadLetter } from '../../lambdas/sqs-dead-letters.ts';
import { cleanLine, parseJson } from '../../lib/text.ts';
import type { WaitingMessage } from './waiting-messages.ts';

const context = z.object({ functionArn: z.string().max(500) });
/** Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
const failedCall = z.object({ requestContext: context, requestPayload: z.record(z.string(), z.unknown()) });
const sequenceNumber = z.string().regex(/^\d+$/);
const place = z.object({ shardId: z.string(), startSequenceNumber: sequenceNumber, endSequenceNumber: sequenceNumber, batchSize: z.number(), streamArn: z.string() });
/**
 * Sources: https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html,
 * https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
const failedBatch = z.union([
  z.object({ requestContext: context, KinesisBatchInfo: place }).transform(({ KinesisBatchInfo, ...rest }) => ({ ...rest, info: KinesisBatchInfo, of: 'deliveries' as const })),
  z.object({ requestContext: context, DDBStreamBatchInfo: place }).transform(({ DDBStreamBatchInfo, ...rest }) => ({ ...rest, info: DDBStreamBatchInfo, of: 'changes' as const })),
]);
/** Source: https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html */
const notification = z.object({ Type: z.literal('Notification'), TopicArn: z.string(), Message: z.string() });
const findingId = /^[0-9a-f]{24}$/;

/** What lies in a dead-letter queue. */
export type Letter =
  /** A call of a function that failed, whole. */
  | { readonly kind: 'call'; readonly functionArn: string; readonly functionName: string; readonly payload: object }
  | Batch
  | UnreadRecord
  /** A mail that SNS could not deliver, or a message to a program. */
  | { readonly kind: 'mail'; readonly findingId: string }
  /** Some parts of a record, and not all. */
  | { readonly kind: 'incomplete'; readonly id: string }
  | { readonly kind: 'other'; readonly body: string };

/** Where records are that failed: deliveries in a Kinesis stream, or changes in the stream of a table. */
export interface Batch {
  readonly kind: 'batch';
  readonly of: 'deliveries' | 'changes';
  readonly functionArn: string;
  readonly functionName: string;
  readonly stream: string;
  readonly streamArn: string;
  readonly shardId: string;
  /** As it is written: those of a table's stream begin with zeros. */
  readonly first: string;
  readonly last: bigint;
  readonly batchSize: number;
}

/** A record that a function could not read. */
export interface UnreadRecord extends ReadLetter {
  readonly kind: 'record';
}

/** A letter, and all the messages that it is in. */
export interface Found {
  readonly letter: Letter;
  readonly messages: readonly WaitingMessage[];
}

/** Puts together what lies in a queue: a long record is in several messages, in whatever order and however often these come, and is given at last. */
export async function* lettersIn(waiting: AsyncIterable<WaitingMessage>): AsyncGenerator<Found> {
  const unfinished = new Map<string, { part: Part; message: WaitingMessage }[]>();
  for await (const message of waiting) {
    const part = partIn(message);
    if (!part) {
      yield { letter: letterOf(message.body), messages: [message] };
      continue;
    }
    if (part.parts === 1) yield { letter: wholeOf([part]), messages: [message] };
    else unfinished.set(part.id, [...(unfinished.get(part.id) ?? []), { part, message }]);
  }
  for (const some of unfinished.values()) yield { letter: wholeOf(some.map(({ part }) => part)), messages: some.map(({ message }) => message) };
}

function partIn({ body, attributes }: WaitingMessage): Part | undefined {
  try {
    return partOf({ Body: body, MessageAttributes: attributes });
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    return undefined;
  }
}

function wholeOf(parts: readonly Part[]): Letter {
  try {
    const [letter] = lettersOf(parts) as [ReadLetter];
    return { kind: 'record', ...letter };
  } catch (error) {
    if (!(error instanceof MissingPartError)) throw error;
    return { kind: 'incomplete', id: error.id };
  }
}

function letterOf(body: string): Letter {
  const json = parseJson(body);
  const batch = failedBatch.safeParse(json);
  if (batch.success) {
    const { requestContext: { functionArn }, of, info: { startSequenceNumber, endSequenceNumber, streamArn, ...info } } = batch.data;
    return { kind: 'batch', of, functionArn, functionName: nameIn(functionArn), streamArn, stream: streamName(streamArn), first: startSequenceNumber, last: BigInt(endSequenceNumber), ...info };
  }
  const call = failedCall.safeParse(json);
  if (call.success) {
    const { requestContext: { functionArn }, requestPayload } = call.data;
    return { kind: 'call', functionArn, functionName: nameIn(functionArn), payload: requestPayload };
  }
  const id = toldFinding(json);
  return id === undefined ? { kind: 'other', body } : { kind: 'mail', findingId: id };
}

/** The finding that a message of the topic tells: a mail's text ends with its id, a program gets all of it. */
function toldFinding(json: unknown): string | undefined {
  const told = notification.safeParse(json).data?.Message;
  const inText = told === undefined ? undefined : /\ntidemark finding ([0-9a-f]{24})\s*$/.exec(told)?.[1];
  return inText ?? z.object({ schemaVersion: z.number(), id: z.string().regex(findingId) }).safeParse(told === undefined ? json : parseJson(told)).data?.id;
}

/** `arn:aws:lambda:REGION:ACCOUNT:function:NAME:$LATEST` */
function nameIn(functionArn: string): string {
  return cleanLine(functionArn.split(':')[6] ?? functionArn);
}

/** `arn:aws:kinesis:REGION:ACCOUNT:stream/NAME`, `arn:aws:dynamodb:REGION:ACCOUNT:table/NAME/stream/TIME` */
function streamName(streamArn: string): string {
  return cleanLine(streamArn.split('/')[1] ?? streamArn);
}
