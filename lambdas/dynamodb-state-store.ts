import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  PutItemCommand,
  type DynamoDBClient,
  type KeysAndAttributes,
} from '@aws-sdk/client-dynamodb';
import { ConflictError, type StateItem, type StateStore } from '../lib/store.ts';
import type { Item } from './finding-item.ts';
import { Patience } from './patience.ts';

const batchSize = 100;
const maxAttempts = 8;
const pauseMs = 50;

/** State in a DynamoDB table (lambdas/tables.ts has its key). */
export class DynamoStateStore implements StateStore {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #patience: Patience;

  /** `patience` is how long it asks on while the table answers only in part. */
  constructor(client: DynamoDBClient, table: string, patience = new Patience()) {
    this.#client = client;
    this.#table = table;
    this.#patience = patience;
  }

  /**
   * @inheritdoc
   * @throws {UnansweredKeysError} when the table left keys unanswered each time it was asked.
   * @throws {OutOfTimeError} when there is no time to ask again.
   */
  async read(keys: readonly string[]): Promise<Map<string, StateItem>> {
    const unique = [...new Set(keys)];
    const batches: string[][] = [];
    for (let start = 0; start < unique.length; start += batchSize) batches.push(unique.slice(start, start + batchSize));
    const found = await Promise.all(batches.map((batch) => this.#readBatch(batch)));
    return new Map(found.flat());
  }

  /** @inheritdoc */
  async write(key: string, bytes: Uint8Array, expectedVersion: number, expiresAtEpochSeconds?: number): Promise<void> {
    const item: Item = { key: { S: key }, version: { N: String(expectedVersion + 1) }, bytes: { B: bytes } };
    if (expiresAtEpochSeconds !== undefined) item['expiresAt'] = { N: String(Math.ceil(expiresAtEpochSeconds)) };
    const isNew = expectedVersion === 0;
    const command = new PutItemCommand({
      TableName: this.#table,
      Item: item,
      ConditionExpression: isNew ? 'attribute_not_exists(#name)' : '#name = :expected',
      ExpressionAttributeNames: { '#name': isNew ? 'key' : 'version' },
      ...(isNew ? {} : { ExpressionAttributeValues: { ':expected': { N: String(expectedVersion) } } }),
    });
    try {
      await this.#client.send(command);
    } catch (cause) {
      throw cause instanceof ConditionalCheckFailedException ? new ConflictError(key, { cause }) : cause;
    }
  }

  async #readBatch(keys: readonly string[]): Promise<[string, StateItem][]> {
    const found: [string, StateItem][] = [];
    let remaining: KeysAndAttributes = { Keys: keys.map((key) => ({ key: { S: key } })), ConsistentRead: true };
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const answer = await this.#client.send(new BatchGetItemCommand({ RequestItems: { [this.#table]: remaining } }));
      found.push(...(answer.Responses?.[this.#table] ?? []).map(stateItemOf));
      const unanswered = answer.UnprocessedKeys?.[this.#table];
      if (!unanswered?.Keys?.length) return found;
      remaining = unanswered;
      if (attempt < maxAttempts) await this.#patience.pause(attempt, pauseMs);
    }
    throw new UnansweredKeysError(remaining.Keys?.length ?? 0);
  }
}

function stateItemOf(item: Item): [string, StateItem] {
  const key = item['key']?.S ?? '';
  const bytes = item['bytes']?.B;
  const version = Number(item['version']?.N);
  if (!bytes || !Number.isInteger(version)) throw new StateItemError(key);
  return [key, { bytes, version }];
}

/** The table left keys unanswered in every attempt: it is throttled; the same delivery can be taken in again later. */
export class UnansweredKeysError extends Error {
  override readonly name = 'UnansweredKeysError' as const;
  readonly count: number;
  constructor(count: number, options?: ErrorOptions) {
    super(`the state table left ${String(count)} keys unanswered; it is throttled`, options);
    this.count = count;
  }
}

/** An item of the state table has no bytes or no version: something else wrote to the table. */
export class StateItemError extends Error {
  override readonly name = 'StateItemError' as const;
  readonly key: string;
  constructor(key: string, options?: ErrorOptions) {
    super(`state item ${key} has no bytes or no version; only Tidemark may write to its state table`, options);
    this.key = key;
  }
}
