import type { Finding, Status } from '../../lib/finding.ts';
import type { FindingQuery, FindingStore } from '../../lib/store.ts';
import { itemOf, type Item } from '../finding-item.ts';

/** A record of the findings table's stream, as the notify function gets it. */
export interface StreamRecord {
  readonly eventID: string;
  readonly eventName: 'INSERT' | 'MODIFY';
  readonly dynamodb: { readonly SequenceNumber: string; readonly Keys: Item; readonly OldImage?: Item; readonly NewImage: Item };
}

/** Tells of each change of a finding by a stream record, in the order of the changes, for stores without a stream. */
export class StreamedFindingStore implements FindingStore {
  readonly #store: FindingStore;
  readonly #onRecord: (record: StreamRecord) => Promise<void>;
  #last: Promise<unknown> = Promise.resolve();
  #records = 0;

  constructor(store: FindingStore, onRecord: (record: StreamRecord) => Promise<void>) {
    this.#store = store;
    this.#onRecord = onRecord;
  }

  /** @inheritdoc */
  put(finding: Finding): Promise<boolean> {
    return this.#change(finding.id, () => this.#store.put(finding));
  }

  /** @inheritdoc */
  get(id: string): Promise<Finding | undefined> {
    return this.#store.get(id);
  }

  /** @inheritdoc */
  query(query: FindingQuery): Promise<Finding[]> {
    return this.#store.query(query);
  }

  /** @inheritdoc */
  setStatus(id: string, status: Status): Promise<boolean> {
    return this.#change(id, () => this.#store.setStatus(id, status));
  }

  /** One change at a time, so that the images before and after are of that change. */
  #change(id: string, write: () => Promise<boolean>): Promise<boolean> {
    const change = this.#last.then(async () => {
      const before = await this.#store.get(id);
      const written = await write();
      const after = await this.#store.get(id);
      if (written && after) await this.#onRecord(this.#recordOf(before, after));
      return written;
    });
    this.#last = change.catch(() => undefined);
    return change;
  }

  #recordOf(before: Finding | undefined, after: Finding): StreamRecord {
    const sequenceNumber = String(++this.#records);
    return {
      eventID: sequenceNumber,
      eventName: before ? 'MODIFY' : 'INSERT',
      dynamodb: {
        SequenceNumber: sequenceNumber,
        Keys: { id: { S: after.id } },
        ...(before ? { OldImage: itemOf(before, 0) } : {}),
        NewImage: itemOf(after, 0),
      },
    };
  }
}
