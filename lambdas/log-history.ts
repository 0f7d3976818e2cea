import { FilterLogEventsCommand, type CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { HistoryError, type HistoryProblem, type LogHistory, type Page, type PageRequest } from '../lib/backfill/log-history.ts';
import { filterPattern } from './filter-pattern.ts';

const auditStreamPrefix = 'kube-apiserver-audit-';
/** An answer has up to 1 MB, and CloudWatch Logs searches before it answers. */
const patienceMs = 30_000;

/**
 * How a client is made that reads history: whoever reads decides himself when it asks again, since the quota is the
 * account's.
 */
export const historyClientSettings = {
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 5000, requestTimeout: patienceMs, throwOnRequestTimeout: true, socketTimeout: patienceMs },
} as const;

/** A cluster's audit log in CloudWatch Logs, without what the subscription's filter drops. */
export class CloudWatchLogHistory implements LogHistory {
  readonly #client: CloudWatchLogsClient;
  readonly #logGroupName: string;

  /** @param logGroupName a name, or the ARN of a log group of another account. */
  constructor(client: CloudWatchLogsClient, logGroupName: string) {
    this.#client = client;
    this.#logGroupName = logGroupName;
  }

  /**
   * @inheritdoc
   * Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
   */
  async page({ from, until, token }: PageRequest): Promise<Page> {
    const command = new FilterLogEventsCommand({
      ...(this.#logGroupName.startsWith('arn:') ? { logGroupIdentifier: this.#logGroupName } : { logGroupName: this.#logGroupName }),
      logStreamNamePrefix: auditStreamPrefix,
      filterPattern,
      startTime: from,
      endTime: until,
      ...(token === undefined ? {} : { nextToken: token }),
    });
    try {
      const { events = [], nextToken } = await this.#client.send(command);
      const records = events.map(({ timestamp = from, eventId = '', message = '' }) => ({ time: timestamp, id: eventId, message }));
      // CloudWatch Logs counts the end in.
      return { records: records.filter(({ time }) => time < until), ...(nextToken === undefined ? {} : { next: nextToken }) };
    } catch (cause) {
      const problem = problemOf(cause, token);
      throw problem === undefined ? cause : new HistoryError(problem, this.#logGroupName, { cause });
    }
  }
}

const problems: readonly (readonly [RegExp, HistoryProblem])[] = [
  [/Throttl|TooManyRequests|RequestLimitExceeded/, 'throttled'],
  [/^ResourceNotFoundException$/, 'no-such-log-group'],
  [/AccessDenied/, 'not-allowed'],
  [/ServiceUnavailable|InternalFailure|InternalServerError|TimeoutError|ECONNRESET|EPIPE|ETIMEDOUT/, 'unavailable'],
];

function problemOf(error: unknown, token: string | undefined): HistoryProblem | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === 'InvalidParameterException' && token !== undefined) return 'token';
  const code = 'code' in error ? String(error.code) : '';
  return problems.find(([pattern]) => pattern.test(error.name) || pattern.test(code))?.[1];
}
