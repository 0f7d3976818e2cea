import * as z from 'zod';
import { cleanLine, parseJson } from '../../lib/text.ts';

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

/** What a message in a dead-letter queue is. */
export type Letter =
  /** A call of a function that failed, whole. */
  | { readonly kind: 'call'; readonly functionArn: string; readonly functionName: string; readonly payload: object }
  | Batch
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

/** Says what a message is by its body. */
export function letterOf(body: string): Letter {
  const json = parseJson(body);
  const batch = failedBatch.safeParse(json);
  if (batch.success) {
    const { requestContext: { functionArn }, of, info: { startSequenceNumber, endSequenceNumber, streamArn, ...info } } = batch.data;
    return { kind: 'batch', of, functionArn, functionName: nameIn(functionArn), streamArn, stream: streamName(streamArn), first: startSequenceNumber, last: BigInt(endSequenceNumber), ...info };
  }
  const call = failedCall.safeParse(json);
  if (!call.success) return { kind: 'other', body };
  const { requestContext: { functionArn }, requestPayload } = call.data;
  return { kind: 'call', functionArn, functionName: nameIn(functionArn), payload: requestPayload };
}

/** `arn:aws:lambda:REGION:ACCOUNT:function:NAME:$LATEST` */
function nameIn(functionArn: string): string {
  return cleanLine(functionArn.split(':')[6] ?? functionArn);
}

/** `arn:aws:kinesis:REGION:ACCOUNT:stream/NAME`, `arn:aws:dynamodb:REGION:ACCOUNT:table/NAME/stream/TIME` */
function streamName(streamArn: string): string {
  return cleanLine(streamArn.split('/')[1] ?? streamArn);
}
