import * as z from 'zod';
import { cleanLine, parseJson } from '../../lib/text.ts';

const context = z.object({ functionArn: z.string().max(500) });
/** Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
const failedCall = z.object({ requestContext: context, requestPayload: z.record(z.string(), z.unknown()) });
/** Source: https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html */
const failedBatch = z.object({
  requestContext: context,
  KinesisBatchInfo: z.object({ shardId: z.string(), startSequenceNumber: z.string().regex(/^\d+$/), endSequenceNumber: z.string().regex(/^\d+$/), batchSize: z.number(), streamArn: z.string() }),
});
/** Source: https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html */
const failedChanges = z.object({ DDBStreamBatchInfo: z.object({ batchSize: z.number() }) });

/** What a message in a dead-letter queue is. */
export type Letter =
  /** A call of a function that failed, whole. */
  | { readonly kind: 'call'; readonly functionArn: string; readonly functionName: string; readonly payload: object }
  /** Where in a Kinesis stream the records are that failed. */
  | { readonly kind: 'batch'; readonly functionArn: string; readonly functionName: string; readonly stream: string; readonly streamArn: string; readonly shardId: string; readonly first: bigint; readonly last: bigint; readonly batchSize: number }
  /** Where in the stream of a table the changes were that could not be told. */
  | { readonly kind: 'change' }
  | { readonly kind: 'other'; readonly body: string };

/** Says what a message is by its body. */
export function letterOf(body: string): Letter {
  const json = parseJson(body);
  const batch = failedBatch.safeParse(json);
  if (batch.success) {
    const { requestContext: { functionArn }, KinesisBatchInfo: { startSequenceNumber, endSequenceNumber, streamArn, ...info } } = batch.data;
    return { kind: 'batch', functionArn, functionName: nameIn(functionArn), streamArn, stream: cleanLine(streamArn.replace(/^.*\//, '')), first: BigInt(startSequenceNumber), last: BigInt(endSequenceNumber), ...info };
  }
  if (failedChanges.safeParse(json).success) return { kind: 'change' };
  const call = failedCall.safeParse(json);
  if (!call.success) return { kind: 'other', body };
  const { requestContext: { functionArn }, requestPayload } = call.data;
  return { kind: 'call', functionArn, functionName: nameIn(functionArn), payload: requestPayload };
}

/** `arn:aws:lambda:REGION:ACCOUNT:function:NAME:$LATEST` */
function nameIn(functionArn: string): string {
  return cleanLine(functionArn.split(':')[6] ?? functionArn);
}
