import {
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
  type DynamoDBClient,
  type PutItemCommandInput,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import { severities, severityRank, statusAfter, statuses, type Finding, type Status } from '../lib/finding.ts';
import { lowerBound, matchesQuery, newestFirst } from '../lib/memory-stores.ts';
import type { FindingQuery, FindingStore } from '../lib/store.ts';
import { findingOf, itemOf, statusAndSeverity, type Item } from './finding-item.ts';

const maxAttempts = 10;
const pageSize = 100;
const secondsKept = 365 * 24 * 60 * 60;

type IndexKey = 'cluster' | 'identity' | 'statusAndSeverity';
const indexes = { cluster: 'by-cluster', identity: 'by-identity', statusAndSeverity: 'by-status-and-severity' } as const;

/** Findings in a DynamoDB table (lambdas/tables.ts has its keys); each is kept for a year after its last change. */
export class DynamoFindingStore implements FindingStore {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #now: () => number;

  /** `now` gives milliseconds since the epoch. */
  constructor(client: DynamoDBClient, table: string, now: () => number = Date.now) {
    this.#client = client;
    this.#table = table;
    this.#now = now;
  }

  /**
   * @inheritdoc
   * @throws {z.ZodError} when the finding breaks its contract.
   * @throws {ContentionError} when others changed the finding in every attempt.
   */
  put(finding: Finding): Promise<boolean> {
    return this.#retryOnConflict(finding.id, async () => {
      const stored = await this.get(finding.id);
      if (stored && stored.revision >= finding.revision) return false;
      await this.#client.send(new PutItemCommand(this.#putInput(finding, stored)));
      return true;
    });
  }

  /**
   * @inheritdoc
   * @throws {z.ZodError} when the item holds no finding.
   */
  async get(id: string): Promise<Finding | undefined> {
    const command = new GetItemCommand({ TableName: this.#table, Key: { id: { S: id } }, ConsistentRead: true });
    const { Item: item } = await this.#client.send(command);
    return item && findingOf(item);
  }

  /** @inheritdoc The indexes follow the table within moments. */
  async query(query: FindingQuery): Promise<Finding[]> {
    const found = await Promise.all(partitionsOf(query).map(([key, value]) => this.#queryPartition(key, value, query)));
    return found.flat().sort(newestFirst).slice(0, query.limit);
  }

  /**
   * @inheritdoc
   * @throws {ContentionError} when others changed the finding in every attempt.
   */
  setStatus(id: string, status: Status): Promise<boolean> {
    return this.#retryOnConflict(id, async () => {
      const stored = await this.get(id);
      if (!stored) return false;
      await this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: { id: { S: id } },
          UpdateExpression: 'SET #status = :status, statusAndSeverity = :both',
          ConditionExpression: 'revision = :revision',
          ExpressionAttributeNames: { '#status': 'status' },
          ExpressionAttributeValues: {
            ':status': { S: status },
            ':both': { S: statusAndSeverity(status, stored.severity) },
            ':revision': { N: String(stored.revision) },
          },
        }),
      );
      return true;
    });
  }

  /** The item is written only if it still is as it was read, so neither a revision nor a person's status is lost. */
  #putInput(finding: Finding, stored: Finding | undefined): PutItemCommandInput {
    const expiresAt = Math.floor(this.#now() / 1000) + secondsKept;
    const Item = itemOf(stored ? { ...finding, status: statusAfter(stored, finding) } : finding, expiresAt);
    if (!stored) return { TableName: this.#table, Item, ConditionExpression: 'attribute_not_exists(id)' };
    return {
      TableName: this.#table,
      Item,
      ConditionExpression: 'revision = :revision AND #status = :status',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':revision': { N: String(stored.revision) }, ':status': { S: stored.status } },
    };
  }

  async #queryPartition(key: IndexKey, value: string, query: FindingQuery): Promise<Finding[]> {
    const input: QueryCommandInput = {
      TableName: this.#table,
      IndexName: indexes[key],
      KeyConditionExpression: `#key = :value${query.since === undefined ? '' : ' AND raisedAt >= :since'}`,
      ExpressionAttributeNames: { '#key': key },
      ExpressionAttributeValues: {
        ':value': { S: value },
        ...(query.since === undefined ? {} : { ':since': { S: lowerBound(query.since) } }),
      },
      ScanIndexForward: false,
    };
    const found: Finding[] = [];
    let next: Item | undefined;
    do {
      const page = await this.#client.send(new QueryCommand({ ...input, ExclusiveStartKey: next, Limit: pageSize }));
      found.push(...(page.Items ?? []).map(findingOf).filter((finding) => matchesQuery(finding, query)));
      next = page.LastEvaluatedKey;
    } while (next && found.length < query.limit);
    return found;
  }

  async #retryOnConflict(id: string, operation: () => Promise<boolean>): Promise<boolean> {
    let cause: unknown;
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      try {
        return await operation();
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        cause = error;
      }
    }
    throw new ContentionError(id, { cause });
  }
}

/** The partitions of one index that hold every finding a query can match. */
function partitionsOf({ identity, cluster, status, atLeast = 'low' }: FindingQuery): [IndexKey, string][] {
  if (identity !== undefined) return [['identity', identity]];
  if (cluster !== undefined) return [['cluster', cluster]];
  const grave = severities.filter((severity) => severityRank(severity) >= severityRank(atLeast));
  const wanted = status === undefined ? statuses : [status];
  return wanted.flatMap((one) => grave.map((severity): [IndexKey, string] => ['statusAndSeverity', statusAndSeverity(one, severity)]));
}

/** Others changed a finding each time it was about to be written: try again later. */
export class ContentionError extends Error {
  override readonly name = 'ContentionError' as const;
  readonly id: string;
  constructor(id: string, options?: ErrorOptions) {
    super(`finding ${id} was changed by others in each of ${String(maxAttempts)} attempts to write it`, options);
    this.id = id;
  }
}
