import { setTimeout } from 'node:timers/promises';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { CloudWatchLogHistory, historyClientSettings } from '../lambdas/log-history.ts';
import { Pace, requestsPerSecond } from '../lib/backfill/pace.ts';
import { HistoryError, type HistoryProblem, type LogHistory } from '../lib/backfill/log-history.ts';
import type { ReadingOptions } from '../lib/backfill/read-history.ts';
import { accountProblems, clientConfigOf, reachBy, type EndpointOptions, type Problems } from './aws.ts';
import { LogAccessError } from './errors.ts';

/** A log group that can be read, and how fast. */
export interface OpenLogGroup {
  readonly history: LogHistory;
  readonly reading: ReadingOptions;
}

/**
 * Opens a log group with the caller's credentials.
 * @throws {LogAccessError} when no region is set.
 */
export async function openLogGroup(logGroupName: string, options: EndpointOptions): Promise<OpenLogGroup> {
  const client = new CloudWatchLogsClient({ ...historyClientSettings, ...clientConfigOf(options) });
  const region = await reachBy(problems, LogAccessError, () => client.config.region());
  const history = new CloudWatchLogHistory(client, logGroupName);
  return {
    history: { page: (request) => reachBy(problems, LogAccessError, () => history.page(request)) },
    reading: { pace: new Pace(requestsPerSecond(region)), clock: { now: Date.now, wait: setTimeout } },
  };
}

const problems: Problems = [
  ...accountProblems,
  [/ECONNREFUSED|ENOTFOUND|EAI_AGAIN/, 'CloudWatch Logs cannot be reached: check the network, AWS_REGION and --endpoint'],
  [/InvalidParameterException/, 'CloudWatch Logs takes no log group of this name: it looks like /aws/eks/NAME/cluster, or is an ARN'],
];

/**
 * Does something with the history of a log group.
 * @throws {LogAccessError} when it cannot be read, with a way out.
 */
export async function reachLog<Result>(logGroupName: string, operation: () => Promise<Result>): Promise<Result> {
  try {
    return await operation();
  } catch (cause) {
    if (!(cause instanceof HistoryError)) throw cause;
    throw new LogAccessError(waysOut[cause.problem]?.(logGroupName) ?? cause.message, { cause });
  }
}

const waysOut: Partial<Record<HistoryProblem, (logGroupName: string) => string>> = {
  'no-such-log-group': (name) => `there is no log group ${name} here: check its name, AWS_REGION and the account (aws logs describe-log-groups --log-group-name-prefix /aws/eks/), and that the cluster's audit log is on (aws eks describe-cluster --name NAME --query cluster.logging)`,
  'not-allowed': (name) => `these credentials may not read ${name}: they need logs:FilterLogEvents on it`,
};
