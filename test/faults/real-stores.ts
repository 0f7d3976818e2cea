import { ScanCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { DynamoFindingStore } from '../../lambdas/dynamodb-finding-store.ts';
import { DynamoStateStore } from '../../lambdas/dynamodb-state-store.ts';
import { findingOf } from '../../lambdas/finding-item.ts';
import { createTables } from '../../lambdas/local/create-tables.ts';
import type { EmbeddedAws } from '../../lambdas/local/embedded-aws.ts';
import { StreamedFindingStore } from '../../lambdas/local/streamed-finding-store.ts';
import { snsPublisher } from '../../lambdas/sns-publisher.ts';
import { SqsDeadLetters } from '../../lambdas/sqs-dead-letters.ts';
import { environment } from '../../lambdas/tables.ts';
import type { StateItem, StateStore } from '../../lib/store.ts';
import { stateOnTop } from '../engine/state-on-top.ts';
import type { Scenes } from './scenes.ts';
import type { Stores } from './stores.ts';

interface Tables {
  readonly state: string;
  readonly findings: string;
}

/** Gives stores for so many worlds, one after the other: dynalite's tables, fauxqs' queues and topic, through the code that is deployed. */
export async function realStoresFor(aws: EmbeddedAws, worlds: number): Promise<(scenes: Pick<Scenes, 'learned'>) => Stores> {
  const all = Array.from({ length: worlds }, (_, world): Tables => ({ state: `faults-state-${String(world)}`, findings: `faults-findings-${String(world)}` }));
  // Each waits a second until its tables can be used.
  await Promise.all(all.map((tables) => createTables(aws.dynamo, tables)));
  const next = all.values();
  return ({ learned }) => {
    const { value } = next.next();
    if (!value) throw new RangeError('there are tables for fewer worlds');
    return realStores(aws, value, learned);
  };
}

function realStores(aws: EmbeddedAws, tables: Tables, learned: ReadonlyMap<string, StateItem>): Stores {
  const [letters, mails] = [aws.variables[environment.deadLetters] ?? '', aws.mailQueueUrl];
  const state = new TableState(aws.dynamo, tables.state, learned);
  return {
    state,
    findingsWith: (onChange) => new StreamedFindingStore(new DynamoFindingStore(aws.dynamo, tables.findings), ({ dynamodb: { OldImage, NewImage } }) => {
      onChange({ before: OldImage && findingOf(OldImage), after: findingOf(NewImage) });
      return Promise.resolve();
    }),
    deadLetters: new SqsDeadLetters(aws.sqs, letters),
    publish: snsPublisher(aws.sns, aws.variables[environment.topic] ?? ''),
    settle: async () => {
      await state.load();
      return { letters: await newIn(aws.sqs, letters), mails: await newIn(aws.sqs, mails) };
    },
  };
}

/** State in a table, on top of what was learned. */
class TableState implements StateStore {
  readonly written = new Map<string, StateItem>();
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #store: StateStore;

  constructor(client: DynamoDBClient, table: string, learned: ReadonlyMap<string, StateItem>) {
    this.#client = client;
    this.#table = table;
    this.#store = stateOnTop(new DynamoStateStore(client, table), (key) => learned.get(key)?.bytes);
  }

  read(keys: readonly string[]): Promise<Map<string, StateItem>> {
    return this.#store.read(keys);
  }

  write(key: string, bytes: Uint8Array, expectedVersion: number): Promise<void> {
    return this.#store.write(key, bytes, expectedVersion);
  }

  /** Reads the whole table. */
  async load(): Promise<void> {
    let start: Record<string, never> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await this.#client.send(new ScanCommand({ TableName: this.#table, ConsistentRead: true, ...(start ? { ExclusiveStartKey: start } : {}) }));
      for (const { key, bytes, version } of Items) this.written.set(key?.S ?? '', { bytes: bytes?.B ?? new Uint8Array(), version: Number(version?.N) });
      start = LastEvaluatedKey as Record<string, never> | undefined;
    } while (start);
  }
}

const counted = new Map<string, number>();

/** How many messages more there are in a queue than when it was last asked; nobody takes any out. */
async function newIn(sqs: SQSClient, queueUrl: string): Promise<number> {
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }));
  const count = Number(Attributes?.['ApproximateNumberOfMessages']);
  const before = counted.get(queueUrl) ?? 0;
  counted.set(queueUrl, count);
  return count - before;
}
