import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { eventOf } from '../../lib/dead-letter.ts';
import { cleanLine, parseJson } from '../../lib/text.ts';
import type { Batch, Letter, UnreadRecord } from './letter.ts';
import { changesOf, deliveriesOf, type StreamRecord } from './stream-records.ts';

/** Whom it takes. */
export interface Callers {
  readonly sqs: SQSClient;
  readonly lambda: LambdaClient;
  readonly kinesis: KinesisClient;
  readonly tableStreams: DynamoDBStreamsClient;
  /** Where to give what does not say it: the URL of the queue that a function takes its work from, or the name of the function that tells people. */
  readonly to?: string | undefined;
}

/** A function is called with so much at most; AWS takes 6 MB. Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const mostBytes = 4_500_000;

const answer = z.object({ errorType: z.string().optional(), batchItemFailures: z.array(z.unknown()).optional(), malformed: z.number().optional() }).nullish().catch(undefined);

/** What became of a letter that was given again. */
export interface Outcome {
  /** Why it is not done with, in words; nothing when the function managed it. */
  readonly problem?: string;
  /** Whether the function has put it into the queue anew, which then stands for it. */
  readonly isAnew?: boolean;
}

/**
 * Gives a letter again to the function that failed with it.
 * @throws what a service throws that cannot be asked at all.
 */
export async function giveAgain(letter: Letter, callers: Callers): Promise<Outcome> {
  switch (letter.kind) {
    case 'call': return await call(letter.functionArn, letter.payload, callers);
    case 'batch': return await callWithBatch(letter, callers);
    case 'record': return await callWithRecord(letter, callers);
    case 'mail': return await tellAgain(letter.findingId, callers);
    case 'incomplete': return { problem: 'the rest of the record is not in the queue' };
    case 'other': return await putIntoQueue(letter.body, callers);
  }
}

async function call(functionName: string, payload: object, { lambda }: Callers): Promise<Outcome & { readonly malformed?: number | undefined }> {
  const { FunctionError, Payload } = await lambda.send(new InvokeCommand({ FunctionName: functionName, InvocationType: 'RequestResponse', Payload: JSON.stringify(payload) }));
  const said = answer.parse(parseJson(Buffer.from(Payload ?? []).toString()));
  if (FunctionError !== undefined) return { problem: `the function failed again (${cleanLine((said?.errorType ?? FunctionError).slice(0, 100))}); its log says why` };
  if ((said?.batchItemFailures?.length ?? 0) > 0) return { problem: 'the function failed again with a part of it; its log says why' };
  return { malformed: said?.malformed };
}

async function callWithRecord({ functionName, origin, record, reason }: UnreadRecord, callers: Callers): Promise<Outcome> {
  if (functionName === undefined || origin === undefined) return { problem: 'an older release put it there, without whom to give it to: replay that time from the log group (tidemark replay)' };
  const { problem, malformed = 0 } = await call(functionName, eventOf({ origin, record }), callers);
  if (problem !== undefined) return { problem };
  return malformed > 0 ? { problem: `it still cannot be read: ${cleanLine(reason)}`, isAnew: true } : {};
}

async function tellAgain(findingId: string, callers: Callers): Promise<Outcome> {
  const { to } = callers;
  if (to === undefined || isQueue(to)) return { problem: 'name the function that tells people with --to: the output NotifyFunction' };
  return await call(to, { tellAgain: [findingId] }, callers);
}

/** Reads the records while the stream has them, and gives them in the form in which Lambda does. */
async function callWithBatch(batch: Batch, callers: Callers): Promise<Outcome> {
  let found = 0;
  for await (const records of batch.of === 'deliveries' ? deliveriesOf(batch, callers.kinesis) : changesOf(batch, callers.tableStreams)) {
    for (const some of inBounds(records)) {
      const { problem } = await call(batch.functionArn, { Records: some.map(({ event }) => event) }, callers);
      if (problem !== undefined) return { problem };
    }
    found += records.length;
  }
  const otherwise = batch.of === 'deliveries' ? 'replay that time from the log group (tidemark replay)' : 'read the findings of that time (tidemark findings --since 2d), then take the message out';
  return found < batch.batchSize ? { problem: `the stream has ${String(found)} of its ${String(batch.batchSize)} records: ${otherwise}` } : {};
}

/** As many at a time as a call can hold. */
function* inBounds(records: readonly StreamRecord[]): Generator<StreamRecord[]> {
  let some: StreamRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    if (some.length > 0 && bytes + record.bytes > mostBytes) {
      yield some;
      [some, bytes] = [[], 0];
    }
    some.push(record);
    bytes += record.bytes;
  }
  if (some.length > 0) yield some;
}

async function putIntoQueue(body: string, { sqs, to }: Callers): Promise<Outcome> {
  if (to === undefined || !isQueue(to)) return { problem: 'it is no call that failed: look at it; if a function takes such messages from a queue, name that with --to' };
  await sqs.send(new SendMessageCommand({ QueueUrl: to, MessageBody: body }));
  return {};
}

/** Whether `to` names a queue, by its URL, and no function. */
export function isQueue(to: string): boolean {
  return URL.canParse(to) && /^https?:/.test(to);
}
