import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoFindingStore } from '../lambdas/dynamodb-finding-store.ts';
import { DynamoStateStore } from '../lambdas/dynamodb-state-store.ts';
import type { FindingStore, StateStore } from '../lib/store.ts';
import { TableAccessError, UsageError } from './errors.ts';

/** Where the tables are. */
export interface TableOptions {
  /** URL of a service that stands in for DynamoDB. */
  readonly endpoint?: string;
}

/** Opens the findings table. */
export function openFindingsTable(table: string, options: TableOptions): FindingStore {
  return new DynamoFindingStore(new DynamoDBClient(configOf(options)), table);
}

/** Opens the state table. */
export function openStateTable(table: string, options: TableOptions): StateStore {
  return new DynamoStateStore(new DynamoDBClient(configOf(options)), table);
}

/** A stand-in on this machine needs neither a region nor credentials, but the client wants some. */
function configOf({ endpoint }: TableOptions): DynamoDBClientConfig {
  if (endpoint === undefined) return {};
  if (!URL.canParse(endpoint)) throw new UsageError(`--endpoint ${endpoint} is no URL`);
  const { hostname } = new URL(endpoint);
  if (!['localhost', '127.0.0.1', '[::1]'].includes(hostname)) return { endpoint };
  const named = process.env['AWS_ACCESS_KEY_ID'] !== undefined || process.env['AWS_PROFILE'] !== undefined;
  return {
    endpoint,
    region: process.env['AWS_REGION'] ?? 'us-east-1',
    ...(named ? {} : { credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }),
  };
}

const waysOut: readonly (readonly [RegExp, string])[] = [
  [/Region is missing/, 'no AWS region is set: set AWS_REGION, or choose a profile that has one with AWS_PROFILE'],
  [/CredentialsProviderError|Could not load credentials/, 'no AWS credentials were found: sign in (aws sso login), set AWS_PROFILE, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY'],
  [/ExpiredToken|UnrecognizedClient|InvalidSignature|InvalidClientToken/, 'AWS does not accept these credentials: sign in again, and check AWS_PROFILE'],
  [/AccessDenied/, 'these credentials may not read or change the table: they need dynamodb:GetItem, BatchGetItem, Query and UpdateItem on it and its indexes'],
  [/ResourceNotFound/, 'there is no such table: check AWS_REGION and the account, or name it with --findings-table or --state-table'],
  [/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNRESET|TimeoutError/, 'DynamoDB cannot be reached: check the network, AWS_REGION and --endpoint'],
];

/**
 * Does something with a table.
 * @throws {TableAccessError} when the table cannot be reached, with a way out.
 */
export async function reach<Result>(operation: () => Promise<Result>): Promise<Result> {
  try {
    return await operation();
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    const code = 'code' in cause ? String(cause.code) : '';
    const wayOut = waysOut.find(([pattern]) => pattern.test(`${cause.name} ${code} ${cause.message}`));
    if (!wayOut) throw cause;
    throw new TableAccessError(wayOut[1], { cause });
  }
}
