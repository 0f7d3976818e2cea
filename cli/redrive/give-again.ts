import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { cleanLine, parseJson } from '../../lib/text.ts';
import type { Batch, Letter } from './letter.ts';
import { changesOf, deliveriesOf, type StreamRecord } from './stream-records.ts';

/** Whom it takes. */
export interface Callers {
  readonly sqs: SQSClient;
  readonly lambda: LambdaClient;
  readonly kinesis: KinesisClient;
  readonly tableStreams: DynamoDBStreamsClient;
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
async function callWithBatch(batch: Batch, callers: Callers): Promise<string | undefined> {
  let found = 0;
  for await (const records of batch.of === 'deliveries' ? deliveriesOf(batch, callers.kinesis) : changesOf(batch, callers.tableStreams)) {
    for (const some of inBounds(records)) {
      const problem = await call(batch.functionArn, { Records: some.map(({ event }) => event) }, callers);
      if (problem !== undefined) return problem;
    }
    found += records.length;
  }
  const otherwise = batch.of === 'deliveries' ? 'replay that time from the log group (tidemark replay)' : 'read the findings of that time (tidemark findings --since 2d), then take the message out';
  return found < batch.batchSize ? `the stream has ${String(found)} of its ${String(batch.batchSize)} records: ${otherwise}` : undefined;
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

async function putIntoQueue(body: string, { sqs, to }: Callers): Promise<string | undefined> {
  if (to === undefined) return 'it is no call that failed: look at it; if a function takes such messages from a queue, name that with --to';
  await sqs.send(new SendMessageCommand({ QueueUrl: to, MessageBody: body }));
  return undefined;
}
