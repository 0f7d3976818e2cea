import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoFindingStore } from '../lambdas/dynamodb-finding-store.ts';
import { DynamoStateStore } from '../lambdas/dynamodb-state-store.ts';
import type { FindingStore, StateStore } from '../lib/store.ts';
import { accountProblems, clientConfigOf, reachBy, type EndpointOptions, type Problems } from './aws.ts';
import { TableAccessError } from './errors.ts';

export type { EndpointOptions as TableOptions } from './aws.ts';

/** Opens the findings table. */
export function openFindingsTable(table: string, options: EndpointOptions): FindingStore {
  return new DynamoFindingStore(new DynamoDBClient(clientConfigOf(options)), table);
}

/** Opens the state table. */
export function openStateTable(table: string, options: EndpointOptions): StateStore {
  return new DynamoStateStore(new DynamoDBClient(clientConfigOf(options)), table);
}

const problems: Problems = [
  ...accountProblems,
  [/AccessDenied/, 'these credentials may not read or change the table: they need dynamodb:GetItem, BatchGetItem, Query and UpdateItem on it and its indexes'],
  [/ResourceNotFound/, 'there is no such table: check AWS_REGION and the account, or name it with --findings-table or --state-table'],
  [/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNRESET|TimeoutError/, 'DynamoDB cannot be reached: check the network, AWS_REGION and --endpoint'],
];

/**
 * Does something with a table.
 * @throws {TableAccessError} when the table cannot be reached, with a way out.
 */
export async function reach<Result>(operation: () => Promise<Result>): Promise<Result> {
  return await reachBy(problems, TableAccessError, operation);
}
