import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** Units that a table said it took, as DynamoDB charges them. */
export interface ConsumedUnits {
  readUnits: number;
  writeUnits: number;
  writes: number;
}

interface Consumed {
  readonly CapacityUnits?: number;
}

const writing = new Set(['PutItemCommand', 'UpdateItemCommand', 'DeleteItemCommand']);
const reading = new Set(['GetItemCommand', 'BatchGetItemCommand', 'QueryCommand']);

/**
 * Has each answer of a client's table say what it consumed, and sums that up.
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ConsumedCapacity.html
 */
export function countUnits(client: DynamoDBClient): ConsumedUnits {
  const units: ConsumedUnits = { readUnits: 0, writeUnits: 0, writes: 0 };
  client.middlewareStack.add(
    (next, { commandName = '' }) => async (call) => {
      const isWrite = writing.has(commandName);
      if (isWrite || reading.has(commandName)) Object.assign(call.input, { ReturnConsumedCapacity: 'TOTAL' });
      const result = await next(call);
      const { ConsumedCapacity = [] } = result.output as { ConsumedCapacity?: Consumed | Consumed[] };
      const sum = [ConsumedCapacity].flat().reduce((all, { CapacityUnits = 0 }) => all + CapacityUnits, 0);
      if (isWrite) units.writes += 1;
      units[isWrite ? 'writeUnits' : 'readUnits'] += sum;
      return result;
    },
    { step: 'initialize', name: 'countUnits' },
  );
  return units;
}
