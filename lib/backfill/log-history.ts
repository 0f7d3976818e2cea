/** A stretch of time in milliseconds since the epoch; `until` itself is not in it. */
export interface TimeRange {
  readonly from: number;
  readonly until: number;
}

/** Which page to give. */
export interface PageRequest extends TimeRange {
  /** What the page before said goes on; the first page when not given. */
  readonly token?: string;
}

/** A record of the audit log, with the time that the log service gave it. */
export interface HistoryRecord {
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Names the record within its log. */
  readonly id: string;
  readonly message: string;
}

/** Some of the records of a stretch of time, the oldest first. */
export interface Page {
  /** May be empty though more pages come. */
  readonly records: readonly HistoryRecord[];
  /** Names the next page; the last one has none. */
  readonly next?: string;
}

/** What a cluster's audit log still holds. */
export interface LogHistory {
  /**
   * Gives a page of the records in a stretch of time. What is asked with one token comes in the order of time, page by page.
   * @throws {HistoryError}
   */
  page(request: PageRequest): Promise<Page>;
}

/** Why history cannot be read. The first three pass. */
export type HistoryProblem = 'throttled' | 'unavailable' | 'token' | 'no-such-log-group' | 'not-allowed';

/** A page of history could not be read. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError' as const;
  readonly problem: HistoryProblem;
  constructor(problem: HistoryProblem, logGroupName: string, options?: ErrorOptions) {
    super(`${words[problem]} (log group ${logGroupName})`, options);
    this.problem = problem;
  }
}

const words: Readonly<Record<HistoryProblem, string>> = {
  throttled: 'CloudWatch Logs was asked too often: it takes few requests a second for an account and region',
  unavailable: 'CloudWatch Logs could not answer; try again later',
  token: 'CloudWatch Logs no longer knows where it was in the log, each time it was asked anew',
  'no-such-log-group': 'there is no such log group',
  'not-allowed': 'the log group may not be read: logs:FilterLogEvents on it is needed',
};
