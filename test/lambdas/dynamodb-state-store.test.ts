import type { BatchGetItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { DynamoStateStore, StateItemError, UnansweredKeysError } from '../../lambdas/dynamodb-state-store.ts';
import { OutOfTimeError, Patience } from '../../lambdas/patience.ts';

type Keys = { key: { S: string } }[];

/** A table that answers `perCall` of the keys asked for and leaves the others. */
function tableAnswering(perCall: number): DynamoDBClient {
  const send = ({ input }: BatchGetItemCommand) => {
    if (input.RequestItems?.['state']?.ConsistentRead !== true) return Promise.reject(new Error('may be out of date'));
    const asked = (input.RequestItems?.['state']?.Keys ?? []) as Keys;
    const left = asked.slice(perCall);
    const items = asked.slice(0, perCall).map(({ key }) => ({ key, version: { N: '1' }, bytes: { B: new Uint8Array([1]) } }));
    return Promise.resolve({ Responses: { state: items }, UnprocessedKeys: left.length > 0 ? { state: { Keys: left, ConsistentRead: true } } : {} });
  };
  return { send } as unknown as DynamoDBClient;
}

describe('a throttled state table', () => {
  const noting = (pauses: number[]) => new Patience({ now: () => 0, random: () => 0.5, wait: (milliseconds) => Promise.resolve(pauses.push(milliseconds)) });

  test('is asked again for the keys it left, with growing pauses', async () => {
    const pauses: number[] = [];
    const store = new DynamoStateStore(tableAnswering(2), 'state', noting(pauses));
    expect([...(await store.read(['a', 'b', 'c', 'd', 'e'])).keys()]).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(pauses).toEqual([25, 50]);
  });

  test('is given up after a bounded number of attempts', async () => {
    const pauses: number[] = [];
    const store = new DynamoStateStore(tableAnswering(0), 'state', noting(pauses));
    await expect(store.read(['a'])).rejects.toThrow(UnansweredKeysError);
    expect(pauses).toHaveLength(7);
  });

  test('is given up when the function has no time to ask again', async () => {
    const patience = noting([]);
    patience.begin(0);
    await expect(new DynamoStateStore(tableAnswering(0), 'state', patience).read(['a'])).rejects.toThrow(OutOfTimeError);
  });
});

test('refuses an item that something else wrote', async () => {
  const send = () => Promise.resolve({ Responses: { state: [{ key: { S: 'a' } }] } });
  const store = new DynamoStateStore({ send } as unknown as DynamoDBClient, 'state');
  await expect(store.read(['a'])).rejects.toThrow(StateItemError);
});
