import { GetRecordsCommand as GetChangesCommand, GetShardIteratorCommand as GetChangesIteratorCommand, TrimmedDataAccessException, type DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { GetRecordsCommand, GetShardIteratorCommand, type KinesisClient } from '@aws-sdk/client-kinesis';
import type { Batch } from './letter.ts';

/** A record of a stream. */
export interface StreamRecord {
  readonly sequenceNumber: bigint;
  /** In the form in which Lambda gives it to a function. */
  readonly event: object;
  /** About so long, as JSON. */
  readonly bytes: number;
}

interface Page {
  readonly records: readonly StreamRecord[];
  readonly next: string | undefined;
  /** Whether it is known that there is nothing behind it. */
  readonly isLast: boolean;
}

/** A page may be empty though records follow: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html. After so many in a row none are expected. */
const mostEmptyPages = 10;

/** Reads the deliveries of a batch that a Kinesis stream still has, page by page. */
export async function* deliveriesOf(batch: Batch, kinesis: KinesisClient): AsyncGenerator<StreamRecord[]> {
  const { streamArn, shardId, first, stream } = batch;
  const { ShardIterator } = await kinesis.send(new GetShardIteratorCommand({ StreamARN: streamArn, StreamName: stream, ShardId: shardId, ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: first }));
  yield* within(batch, ShardIterator, async (iterator) => {
    const { Records = [], NextShardIterator, MillisBehindLatest } = await kinesis.send(new GetRecordsCommand({ StreamARN: streamArn, ShardIterator: iterator, Limit: 25 }));
    const records = Records.map(({ Data, SequenceNumber = '0' }) => {
      const data = Buffer.from(Data ?? []).toString('base64');
      return { sequenceNumber: BigInt(SequenceNumber), event: { kinesis: { data, sequenceNumber: SequenceNumber } }, bytes: data.length + 200 };
    });
    return { records, next: NextShardIterator, isLast: Records.length === 0 && MillisBehindLatest === 0 };
  });
}

/** Reads the changes of a batch that a table's stream still has, page by page; it has them for a day. */
export async function* changesOf(batch: Batch, streams: DynamoDBStreamsClient): AsyncGenerator<StreamRecord[]> {
  const { streamArn, shardId, first } = batch;
  try {
    const { ShardIterator } = await streams.send(new GetChangesIteratorCommand({ StreamArn: streamArn, ShardId: shardId, ShardIteratorType: 'AT_SEQUENCE_NUMBER', SequenceNumber: first }));
    yield* within(batch, ShardIterator, async (iterator) => {
      const { Records = [], NextShardIterator } = await streams.send(new GetChangesCommand({ ShardIterator: iterator, Limit: 25 }));
      const records = Records.map((record) => {
        const event = JSON.parse(JSON.stringify(record, (_, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value))) as object;
        return { sequenceNumber: BigInt(record.dynamodb?.SequenceNumber ?? 0), event, bytes: JSON.stringify(event).length };
      });
      return { records, next: NextShardIterator, isLast: false };
    });
  } catch (error) {
    // What is forgotten is no fault of who asks: none is found.
    if (!(error instanceof TrimmedDataAccessException)) throw error;
  }
}

async function* within({ last }: Batch, start: string | undefined, page: (iterator: string) => Promise<Page>): AsyncGenerator<StreamRecord[]> {
  let emptyPages = 0;
  for (let iterator = start; iterator !== undefined && emptyPages < mostEmptyPages;) {
    const { records, next, isLast } = await page(iterator);
    emptyPages = records.length === 0 ? emptyPages + 1 : 0;
    const wanted = records.filter(({ sequenceNumber }) => sequenceNumber <= last);
    yield wanted;
    if (isLast || records.some(({ sequenceNumber }) => sequenceNumber >= last)) return;
    iterator = next;
  }
}
