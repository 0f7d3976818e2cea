import { CreateTableCommand, waitUntilTableExists, type CreateTableCommandInput, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { findingsTable, stateTable } from '../tables.ts';

/** What the tables are called. */
export interface TableNames {
  readonly state: string;
  readonly findings: string;
}

/**
 * Creates both tables as the template deploys them and waits until they can be used. `stream` turns on the findings
 * table's stream, which not every local store has.
 */
export async function createTables(client: DynamoDBClient, names: TableNames, stream = false): Promise<void> {
  for (const input of [stateInput(names.state), findingsInput(names.findings, stream)]) {
    await client.send(new CreateTableCommand(input));
    await waitUntilTableExists({ client, maxWaitTime: 30, minDelay: 1 }, { TableName: input.TableName });
  }
}

function stateInput(TableName: string): CreateTableCommandInput {
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: stateTable.partitionKey, KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: stateTable.partitionKey, AttributeType: 'S' }],
  };
}

function findingsInput(TableName: string, stream: boolean): CreateTableCommandInput {
  const { partitionKey, indexes } = findingsTable;
  const keys = new Set([partitionKey, ...indexes.flatMap((index) => [index.partitionKey, index.sortKey])]);
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: partitionKey, KeyType: 'HASH' }],
    AttributeDefinitions: [...keys].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    GlobalSecondaryIndexes: indexes.map((index) => ({
      IndexName: index.name,
      KeySchema: [
        { AttributeName: index.partitionKey, KeyType: 'HASH' },
        { AttributeName: index.sortKey, KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    })),
    ...(stream ? { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' } } : {}),
  };
}
