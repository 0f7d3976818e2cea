import { itemOf } from '../../lambdas/finding-item.ts';
import type { BatchResponse } from '../../lambdas/event.ts';
import type { Change } from './stores.ts';

/** As infra/notify.ts and infra/log-stream.ts set them. */
const mostRetries = 20;

/** A record of the findings table's stream, as a function gets it. */
export function changeRecord({ before, after }: Change, SequenceNumber: string): object {
  const images = { ...(before ? { OldImage: itemOf(before, 0) } : {}), NewImage: itemOf(after, 0) };
  return { eventName: before ? 'MODIFY' : 'INSERT', dynamodb: { SequenceNumber, Keys: { id: { S: after.id } }, ...images } };
}

/** A record of a Kinesis stream, as a function gets it; `data` is base64. */
export function kinesisRecord(data: string, sequenceNumber: string): object {
  return { kinesis: { data, sequenceNumber } };
}

interface Batch {
  /** From this item on. */
  readonly from: number;
  readonly to: number;
  readonly failures: number;
}

/** What a stream has, and how a function gets it. */
export interface StreamOf<Item> {
  /** More may come. */
  readonly items: readonly Item[];
  readonly batchSize: number;
  readonly recordOf: (item: Item, sequenceNumber: string) => object;
}

/**
 * Gives what is in a shard of a stream to a function as Lambda does: in order, the failed ones again and again, each time in halves
 * when it is not said which failed; at last only where they are goes to the dead letters.
 * Sources: https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-errors.html,
 * https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
 */
export class StreamMapping<Item> {
  /** Items of which the function never said that it took them. */
  readonly failed: Item[] = [];
  readonly #stream: StreamOf<Item>;
  #batches: Batch[] = [];
  #taken = 0;

  constructor(stream: StreamOf<Item>) {
    this.#stream = stream;
  }

  /** Whether nothing waits. */
  get isIdle(): boolean {
    return this.#batches.length === 0 && this.#taken === this.#stream.items.length;
  }

  /** Gives the next batch to a function; `items` are what is in it. */
  async step(invoke: (event: unknown, items: readonly Item[]) => Promise<BatchResponse>): Promise<void> {
    const { items, batchSize, recordOf } = this.#stream;
    if (this.#batches.length === 0) {
      const to = Math.min(this.#taken + batchSize, items.length);
      if (to > this.#taken) this.#batches.push({ from: this.#taken, to, failures: 0 });
      this.#taken = to;
    }
    const batch = this.#batches.shift();
    if (!batch) return;
    const some = items.slice(batch.from, batch.to);
    let firstFailed: number | undefined;
    try {
      const { batchItemFailures } = await invoke({ Records: some.map((item, index) => recordOf(item, String(batch.from + index))) }, some);
      if (batchItemFailures.length === 0) return;
      firstFailed = Math.min(...batchItemFailures.map(({ itemIdentifier }) => Number(itemIdentifier)));
    } catch {
      // Nobody knows which.
    }
    const failures = batch.failures + 1;
    if (failures > mostRetries) this.failed.push(...items.slice(firstFailed ?? batch.from, batch.to));
    else if (firstFailed !== undefined) this.#batches.unshift({ from: firstFailed, to: batch.to, failures });
    else this.#batches.unshift(...halvesOf(batch).map((half) => ({ ...half, failures })));
  }
}

function halvesOf({ from, to }: Batch): { from: number; to: number }[] {
  const middle = Math.ceil((from + to) / 2);
  return middle === to ? [{ from, to }] : [{ from, to: middle }, { from: middle, to }];
}
