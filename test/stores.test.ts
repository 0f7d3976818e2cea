import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MemoryFindingStore, MemoryStateStore } from '../lib/memory-stores.ts';
import type { Notification } from '../lib/notification.ts';
import type { FindingStore, StateStore } from '../lib/store.ts';
import { DynamoFindingStore } from '../lambdas/dynamodb-finding-store.ts';
import { DynamoStateStore } from '../lambdas/dynamodb-state-store.ts';
import { createTables } from '../lambdas/local/create-tables.ts';
import { startEmbeddedAws } from '../lambdas/local/embedded-aws.ts';
import { contextOf } from '../lambdas/local/runner.ts';
import { createNotifyHandler } from '../lambdas/notify.ts';
import { environment } from '../lambdas/tables.ts';
import { silentTelemetry } from '../lambdas/telemetry.ts';
import { hasJava, readStream, startDynamoLocal } from './lambdas/dynamodb-local.ts';
import { findingContract } from './lambdas/finding-contract.ts';
import { finding } from './lambdas/findings.ts';
import { newId } from './lambdas/names.ts';
import { stateContract } from './lambdas/state-contract.ts';

interface Stores {
  readonly state: StateStore;
  readonly findings: FindingStore;
  stop(): Promise<void>;
}

function memory(): Promise<Stores> {
  return Promise.resolve({ state: new MemoryStateStore(), findings: new MemoryFindingStore(), stop: () => Promise.resolve() });
}

async function embedded(): Promise<Stores> {
  const aws = await startEmbeddedAws();
  const { dynamo, variables } = aws;
  return {
    state: new DynamoStateStore(dynamo, variables[environment.stateTable] ?? ''),
    findings: new DynamoFindingStore(dynamo, variables[environment.findingsTable] ?? ''),
    stop: () => aws.stop(),
  };
}

async function dynamoLocal(): Promise<Stores> {
  const local = await startDynamoLocal();
  const { client } = local;
  await createTables(client, { state: 'state', findings: 'findings' });
  return { state: new DynamoStateStore(client, 'state'), findings: new DynamoFindingStore(client, 'findings'), stop: () => local.stop() };
}

const withJava = hasJava ? describe : describe.skip;
const javaNote = hasJava ? '' : ' (skipped: java is not on the PATH)';

describe('stores in memory', () => contract(memory));
describe('stores in the embedded DynamoDB', () => contract(embedded));
withJava(`stores in Amazon's DynamoDB Local${javaNote}`, () => contract(dynamoLocal));

function contract(start: () => Promise<Stores>): void {
  let stores: Stores;
  beforeAll(async () => { stores = await start(); });
  afterAll(() => stores.stop());
  stateContract(() => stores.state);
  findingContract(() => stores.findings);
}

withJava(`the findings table's real stream${javaNote}`, () => {
  test('leads to one notification for each push, however often it is read', async () => {
    const local = await startDynamoLocal();
    try {
      await createTables(local.client, { state: 'state', findings: 'findings' }, true);
      await writeHistory(new DynamoFindingStore(local.client, 'findings'));
      const Records = await readStream(local, 'findings', 5);
      const published: Notification[] = [];
      const publish = (notification: Notification) => { published.push(notification); return Promise.resolve(); };
      const notify = createNotifyHandler({ state: new DynamoStateStore(local.client, 'state'), findings: new DynamoFindingStore(local.client, 'findings'), publish }, silentTelemetry());
      for (const one of [...Records, ...Records]) expect(await notify({ Records: [one] }, contextOf('notify'))).toEqual({ batchItemFailures: [] });
      expect(published.map(({ subject }) => subject.split(':')[0])).toEqual(['HIGH prod', 'CRITICAL prod']);
    } finally {
      await local.stop();
    }
  });
});

/** Five changes, two of them pushes. */
async function writeHistory(store: FindingStore): Promise<void> {
  const first = finding();
  await store.put(finding({ id: newId(), severity: 'low', pushedAt: [] }));
  await store.put(first);
  await store.put({ ...first, revision: 2, evidenceTotal: 15 });
  await store.setStatus(first.id, 'acknowledged');
  await store.put({ ...first, revision: 3, severity: 'critical', pushedAt: [...first.pushedAt, first.lastSeen] });
}
