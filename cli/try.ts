import { clusterOf } from '../lib/audit/subscription.ts';
import { dayMs, hourMs, minuteText } from '../lib/time.ts';
import type { EndpointOptions } from './aws.ts';
import { UsageError } from './errors.ts';
import { LogGroupSource } from './log-group-source.ts';
import { openLogGroup, reachLog } from './log-group.ts';
import { Progress } from './progress.ts';
import { report, runLog, warnOfMalformed, type ReportOptions } from './replay.ts';
import { outputTo } from './terminal.ts';

/** A cluster may rest for so long: only a log that begins later than that after `since` has lost its beginning. */
const restMs = hourMs;

/** What to try Tidemark on, and how to print what it would have said. */
export interface TryOptions extends EndpointOptions, ReportOptions {
  readonly logGroup: string;
  /** ISO times; to the present when there is no end. */
  readonly since: string;
  readonly until?: string;
  /** Milliseconds since the epoch; before it the events are only learned from. */
  readonly learnUntil?: number;
}

/**
 * Reads what a log group still holds of a cluster's audit log with the caller's credentials, and prints what Tidemark would have said of
 * it. Nothing is kept.
 * @returns the exit code: 1 when `failOn` was met, else 0.
 * @throws {LogAccessError} when the log group cannot be read.
 * @throws {UsageError} when it holds no audit event of that time.
 */
export async function tryOn(options: TryOptions): Promise<number> {
  const { logGroup, since, until, learnUntil, color } = options;
  const errors = outputTo(process.stderr, color);
  const begun = performance.now();
  const range = { from: Date.parse(since), until: until === undefined ? Date.now() : Date.parse(until) };
  if (range.from >= range.until) throw new UsageError('--since must be a time that is past, and before --until');
  const replayed = await reachLog(logGroup, async () => {
    const source = new LogGroupSource(clusterOf(logGroup.replace(/^arn:.*:log-group:/, '')), await openLogGroup(logGroup, options), range);
    return { source, ...(await runLog(source, { ...(learnUntil === undefined ? {} : { learnUntil }), progress: new Progress(process.stderr, errors) })) };
  });
  const { counts, malformed, oldest } = replayed.source;
  warnOfMalformed(counts, malformed, errors);
  if (counts.events === 0) throw new UsageError(`no audit event in ${logGroup} from ${minuteText(range.from)} to ${minuteText(range.until)} UTC; is the audit log among the cluster's logging settings?`);
  if (oldest !== undefined && oldest - range.from > restMs) errors.write(warnOfRetention(oldest, range.from));
  return report(counts, replayed, { ...options, begun });
}

function warnOfRetention(oldest: number, since: number): string {
  const days = ((oldest - since) / dayMs).toFixed(1);
  return `the log begins at ${minuteText(oldest)} UTC, ${days} days after --since: the log group keeps no more, or the audit log was turned on then. What comes soon after a beginning is new to Tidemark\n`;
}
