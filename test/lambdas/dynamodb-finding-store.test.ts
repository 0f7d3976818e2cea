import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { GetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ContentionError, DynamoFindingStore } from '../../lambdas/dynamodb-finding-store.ts';
import { startEmbeddedAws, type EmbeddedAws } from '../../lambdas/local/embedded-aws.ts';
import { environment } from '../../lambdas/tables.ts';
import { finding } from './findings.ts';
import { newId } from './names.ts';

let aws: EmbeddedAws;
let table: string;
beforeAll(async () => {
  aws = await startEmbeddedAws();
  table = aws.variables[environment.findingsTable] ?? '';
});
afterAll(() => aws.stop());

/** A store between whose reads and writes something else happens. */
function interruptedStore(happen: () => Promise<unknown>): DynamoFindingStore {
  const send = async (command: GetItemCommand) => {
    if (!(command instanceof GetItemCommand)) await happen();
    return aws.dynamo.send(command);
  };
  return new DynamoFindingStore({ send } as unknown as DynamoDBClient, table);
}

test('keeps a status that a person sets between the read and the write of a change', async () => {
  const first = finding({ id: newId() });
  const store = new DynamoFindingStore(aws.dynamo, table);
  await store.put(first);
  const interrupted = interruptedStore(() => store.setStatus(first.id, 'resolved'));
  expect(await interrupted.put({ ...first, revision: 2, evidenceTotal: 99 })).toBe(true);
  expect(await store.get(first.id)).toMatchObject({ revision: 2, evidenceTotal: 99, status: 'resolved' });
});

test('finds a finding by its severity when that rises while a person sets the status', async () => {
  const first = finding({ id: newId(), raisedAt: '2031-01-01T00:00:00.000Z' });
  const store = new DynamoFindingStore(aws.dynamo, table);
  await store.put(first);
  const risen = { ...first, revision: 2, severity: 'critical' as const };
  expect(await interruptedStore(() => store.put(risen)).setStatus(first.id, 'resolved')).toBe(true);
  const since = first.raisedAt;
  expect(await store.query({ status: 'resolved', atLeast: 'critical', since, limit: 9 })).toEqual([{ ...risen, status: 'resolved' }]);
});

test('gives up after a bounded number of attempts against a busier writer', async () => {
  const first = finding({ id: newId() });
  const store = new DynamoFindingStore(aws.dynamo, table);
  await store.put(first);
  let revision = 1;
  const interrupted = interruptedStore(() => store.put({ ...first, revision: ++revision }));
  await expect(interrupted.put({ ...first, revision: 1000 })).rejects.toThrow(ContentionError);
});

test('keeps a finding for a year after its last change', async () => {
  const id = newId();
  const now = Date.parse('2026-03-01T00:00:00Z');
  await new DynamoFindingStore(aws.dynamo, table, () => now).put(finding({ id }));
  const { Item } = await aws.dynamo.send(new GetItemCommand({ TableName: table, Key: { id: { S: id } } }));
  expect(Item?.['expiresAt']).toEqual({ N: String(Date.parse('2027-03-01T00:00:00Z') / 1000) });
});
