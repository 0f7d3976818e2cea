import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { AddressLists } from '../lib/egress/address-lists.ts';
import type { FlowLogSource } from '../lib/egress/flow-source.ts';
import type { IngestOptions, Ports } from '../lib/ingest.ts';
import type { FindingStore, StateStore } from '../lib/store.ts';
import { addressListsIn } from './address-lists.ts';
import { askByQueue, type AskToLearn } from './backfill-queue.ts';
import { backfillEnvironment, backfillScopeOf } from './backfill-scope.ts';
import { clientSettings } from './client-settings.ts';
import { DynamoFindingStore } from './dynamodb-finding-store.ts';
import { DynamoStateStore } from './dynamodb-state-store.ts';
import { flowEnvironment, flowSourcesOf } from './flow-sources.ts';
import { Patience } from './patience.ts';
import { snsPublisher, type Publish } from './sns-publisher.ts';
import { SqsDeadLetters } from './sqs-dead-letters.ts';
import { environment } from './tables.ts';
import { scopeOf, usualSilenceMs, watchEnvironment, type WatchSettings } from './watch-scope.ts';

/** What the notify function needs of the outside. */
export interface NotifyPorts {
  /** Keeps a mark for a week of each push that was sent. */
  readonly state: StateStore;
  /** For what is to be told once more. */
  readonly findings: Pick<FindingStore, 'get'>;
  readonly publish: Publish;
  /** Whether there is time to begin anything more; without it there always is. */
  readonly patience?: Pick<Patience, 'isOver'>;
  /** Milliseconds since the epoch; the system's clock when not given. */
  readonly now?: () => number;
}

/** Variables of a process, as `process.env` has them. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The AWS services the functions use. */
export interface Clients {
  readonly dynamo: DynamoDBClient;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  /** How long all of them try; a call of the function begins it. */
  readonly patience: Patience;
}

/** Makes clients with the region, credentials and endpoints of the process's environment. */
export function createClients(patience = new Patience()): Clients {
  const settings = () => clientSettings(patience);
  return { dynamo: new DynamoDBClient(settings()), sns: new SNSClient(settings()), sqs: new SQSClient(settings()), patience };
}

/**
 * Gives the ingest, the flows and the watch function what their environment names.
 * @throws {ConfigurationError} when a variable is missing.
 */
export function ingestPorts(variables: Variables, { dynamo, sqs, patience }: Clients): Ports {
  return {
    state: new DynamoStateStore(dynamo, required(variables, environment.stateTable), patience),
    findings: new DynamoFindingStore(dynamo, required(variables, environment.findingsTable)),
    deadLetters: new SqsDeadLetters(sqs, required(variables, environment.deadLetters), variables['AWS_LAMBDA_FUNCTION_NAME']),
  };
}

/**
 * Tells the ingest function from its environment how it works.
 * @throws {ConfigurationError} when it names whose history is learned, and not how to ask for that; or an account, and no region.
 * @throws {z.ZodError} when it names that in another form.
 */
export function ingestOptions(variables: Variables, { sqs }: Pick<Clients, 'sqs'>): IngestOptions {
  const scope = variables[backfillEnvironment.scope];
  const account = variables[environment.homeAccount];
  return {
    ...(account === undefined ? {} : { home: { account, region: required(variables, 'AWS_REGION') } }),
    learnsAddresses: variables[flowEnvironment.learnsAddresses] !== undefined,
    ...(scope === undefined ? {} : { backfill: { ...backfillScopeOf(scope), ask: askByQueue(sqs, required(variables, backfillEnvironment.queue)) } }),
  };
}

/**
 * Gives the backfill function what its environment names.
 * @throws {ConfigurationError} when a variable is missing.
 */
export function backfillPorts(variables: Variables, { dynamo, sqs, patience }: Clients): { state: StateStore; findings: FindingStore; ask: AskToLearn } {
  return {
    state: new DynamoStateStore(dynamo, required(variables, environment.stateTable), patience),
    findings: new DynamoFindingStore(dynamo, required(variables, environment.findingsTable)),
    ask: askByQueue(sqs, required(variables, backfillEnvironment.queue)),
  };
}

/**
 * Tells the flows function from its environment where flow logs and query logs come from.
 * @throws {ConfigurationError} when the variable is missing.
 * @throws {z.ZodError} when it holds something else.
 */
export function flowSources(variables: Variables): FlowLogSource[] {
  return flowSourcesOf(required(variables, flowEnvironment.sources));
}

/**
 * Gives the flows function the lists of addresses that its environment names, as they are valid at a time (milliseconds since the epoch).
 * @throws when they are named and cannot be read.
 */
export function addressLists(variables: Variables, at: number): AddressLists {
  const folder = variables[flowEnvironment.lists];
  return folder === undefined ? {} : addressListsIn(folder, at);
}

/**
 * Tells the watch function from its environment what to watch.
 * @throws {ConfigurationError} when the variable is missing.
 * @throws {z.ZodError} when it holds something else.
 */
export function watchSettings(variables: Variables): WatchSettings {
  const { discovers, ...scope } = scopeOf(required(variables, watchEnvironment.scope));
  // A function's environment cannot name the function itself; Lambda does.
  const self = variables['AWS_LAMBDA_FUNCTION_NAME'];
  return { scope: { ...scope, own: self ? [...scope.own, self] : scope.own }, discovers, silenceMs: Number(variables[watchEnvironment.silence] ?? usualSilenceMs) };
}

/**
 * Gives the notify function what its environment names.
 * @throws {ConfigurationError} when a variable is missing.
 */
export function notifyPorts(variables: Variables, { dynamo, sns, patience }: Clients): NotifyPorts {
  return {
    state: new DynamoStateStore(dynamo, required(variables, environment.stateTable), patience),
    findings: new DynamoFindingStore(dynamo, required(variables, environment.findingsTable)),
    publish: snsPublisher(sns, required(variables, environment.topic)),
    patience,
  };
}

function required(variables: Variables, name: string): string {
  const value = variables[name];
  if (!value) throw new ConfigurationError(name);
  return value;
}

/** An environment variable that the deployment must set is missing. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError' as const;
  readonly variable: string;
  constructor(variable: string, options?: ErrorOptions) {
    super(`the environment variable ${variable} is not set`, options);
    this.variable = variable;
  }
}
