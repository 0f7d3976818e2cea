import { GetRecordsCommand, GetShardIteratorCommand, type KinesisClient, type _Record as KinesisRecord } from '@aws-sdk/client-kinesis';
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { cleanLine, parseJson } from '../../lib/text.ts';
import type { Letter } from './letter.ts';

/** Whom it takes. */
export interface Callers {
  readonly sqs: SQSClient;
  readonly lambda: LambdaClient;
  readonly kinesis: KinesisClient;
  /** The queue that a function takes its work from, for messages that are such work. */
  readonly to?: string | undefined;
}

/** A function is called with so much at most; AWS takes 6 MB. Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const mostBytes = 4_500_000;

const answer = z.object({ errorType: z.string().optional(), batchItemFailures: z.array(z.unknown()).optional() }).nullish().catch(undefined);

/**
 * Gives a letter again to the function that failed with it.
 * @returns in words why it stays, `undefined` when the function managed it.
 * @throws what a service throws that cannot be asked at all.
 */
export async function giveAgain(letter: Letter, callers: Callers): Promise<string | undefined> {
  switch (letter.kind) {
    case 'call': return await call(letter.functionArn, letter.payload, callers);
    case 'batch': return await callWithBatch(letter, callers);
    case 'change': return 'it only says where changes of findings were: read the findings of that time (tidemark findings --since 2d), then take it out';
    case 'other': return await putIntoQueue(letter.body, callers);
  }
}

async function call(functionArn: string, payload: object, { lambda }: Callers): Promise<string | undefined> {
  const { FunctionError, Payload } = await lambda.send(new InvokeCommand({ FunctionName: functionArn, InvocationType: 'RequestResponse', Payload: JSON.stringify(payload) }));
  const said = answer.parse(parseJson(Buffer.from(Payload ?? []).toString()));
  if (FunctionError !== undefined) return `the function failed again (${cleanLine((said?.errorType ?? FunctionError).slice(0, 100))}); its log says why`;
  return (said?.batchItemFailures?.length ?? 0) > 0 ? 'the function failed again with a part of it; its log says why' : undefined;
}

/** Reads the records while the stream has them, and gives them in the form in which Lambda does. */
async function callWithBatch(letter: Extract<Letter, { kind: 'batch' }>, callers: Callers): Promise<string | undefined> {
  let found = 0;
  for await (const records of recordsOf(letter, callers.kinesis)) {
    const problem = await call(letter.functionArn, { Records: records.map(({ Data, SequenceNumber }) => ({ kinesis: { data: Buffer.from(Data ?? []).toString('base64'), sequenceNumber: SequenceNumber } })) }, callers);
    if (problem !== undefined) return problem;
    found += records.length;
  }
  return found < letter.batchSize ? `the stream has ${String(found)} of its ${String(letter.batchSize)} records: replay that time from the log group (tidemark replay)` : undefined;
}

async function* recordsOf({ streamArn, shardId, first, last }: Extract<Letter, { kind: 'batch' }>, kinesis: KinesisClient): AsyncGenerator<KinesisRecord[]> {
  const place = { StreamARN: streamArn, StreamName: streamArn.replace(/^.*\//, ''), ShardId: shardId };
  let { ShardIterator: iterator } = await kinesis.send(new GetShardIteratorCommand({ ...place, ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: String(first) }));
  while (iterator !== undefined) {
    const { Records = [], NextShardIterator, MillisBehindLatest } = await kinesis.send(new GetRecordsCommand({ StreamARN: streamArn, ShardIterator: iterator, Limit: 25 }));
    const records = Records.filter(({ SequenceNumber }) => BigInt(SequenceNumber ?? 0) <= last);
    yield* inBounds(records);
    if (records.length < Records.length || records.some(({ SequenceNumber }) => BigInt(SequenceNumber ?? 0) === last) || (Records.length === 0 && MillisBehindLatest === 0)) return;
    iterator = NextShardIterator;
  }
}

/** As many at a time as a call can hold. */
function* inBounds(records: readonly KinesisRecord[]): Generator<KinesisRecord[]> {
  let some: KinesisRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    const length = ((record.Data?.length ?? 0) * 4) / 3 + 200;
    if (some.length > 0 && bytes + length > mostBytes) {
      yield some;
      [some, bytes] = [[], 0];
    }
    some.push(record);
    bytes += length;
  }
  if (some.length > 0) yield some;
}

async function putIntoQueue(body: string, { sqs, to }: Callers): Promise<string | undefined> {
  if (to === undefined) return 'it is no call that failed: look at it; if a function takes such messages from a queue, name that with --to';
  await sqs.send(new SendMessageCommand({ QueueUrl: to, MessageBody: body }));
  return undefined;
}
