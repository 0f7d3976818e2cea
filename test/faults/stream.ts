import { itemOf } from '../../lambdas/finding-item.ts';
import type { BatchResponse } from '../../lambdas/event.ts';
import type { Change } from './stores.ts';

/** As infra/notify.ts sets them. */
const mostRetries = 20;
const batchSize = 100;

/** A record of the findings table's stream, as a function gets it. */
export function streamRecordOf({ before, after }: Change, SequenceNumber: string) {
  const images = { ...(before ? { OldImage: itemOf(before, 0) } : {}), NewImage: itemOf(after, 0) };
  return { eventName: before ? 'MODIFY' : 'INSERT', dynamodb: { SequenceNumber, Keys: { id: { S: after.id } }, ...images } };
}

interface Batch {
  /** From this change on. */
  readonly from: number;
  readonly to: number;
  readonly failures: number;
}

/**
 * Gives the changes of a table to a function as Lambda does: in order, the failed ones again and again, each time in halves
 * when it is not said which failed; at last only where they are goes to the dead letters.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-errors.html
 */
export class StreamMapping {
  /** Changes of which the function never said that it took them. */
  readonly failed: Change[] = [];
  readonly #changes: readonly Change[];
  #batches: Batch[] = [];
  #taken = 0;

  constructor(changes: readonly Change[]) {
    this.#changes = changes;
  }

  /** Whether anything waits. */
  get isIdle(): boolean {
    return this.#batches.length === 0 && this.#taken === this.#changes.length;
  }

  /** Gives the next batch to a function. */
  async step(invoke: (event: unknown) => Promise<BatchResponse>): Promise<void> {
    if (this.#batches.length === 0) {
      const to = Math.min(this.#taken + batchSize, this.#changes.length);
      if (to > this.#taken) this.#batches.push({ from: this.#taken, to, failures: 0 });
      this.#taken = to;
    }
    const batch = this.#batches.shift();
    if (!batch) return;
    const records = this.#changes.slice(batch.from, batch.to).map((change, index) => streamRecordOf(change, String(batch.from + index)));
    let firstFailed: number | undefined;
    try {
      const { batchItemFailures } = await invoke({ Records: records });
      if (batchItemFailures.length === 0) return;
      firstFailed = Math.min(...batchItemFailures.map(({ itemIdentifier }) => Number(itemIdentifier)));
    } catch {
      // Nobody knows which.
    }
    const failures = batch.failures + 1;
    if (failures > mostRetries) this.failed.push(...this.#changes.slice(firstFailed ?? batch.from, batch.to));
    else if (firstFailed !== undefined) this.#batches.unshift({ from: firstFailed, to: batch.to, failures });
    else this.#batches.unshift(...halvesOf(batch).map((half) => ({ ...half, failures })));
  }
}

function halvesOf({ from, to }: Batch): { from: number; to: number }[] {
  const middle = Math.ceil((from + to) / 2);
  return middle === to ? [{ from, to }] : [{ from, to: middle }, { from: middle, to }];
}
