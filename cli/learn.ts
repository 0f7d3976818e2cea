import { isKnownCluster } from '../lib/backfill/held-deliveries.ts';
import { learnHistory, type LearningPorts, type WorkOptions } from '../lib/backfill/learn-history.ts';
import { newLearning, updateLearning, type Learning } from '../lib/backfill/learning.ts';
import { auditLogGroupAt } from '../lib/cluster.ts';
import { minuteMs, minuteText } from '../lib/time.ts';
import { UsageError } from './errors.ts';
import { openLogGroup, reachLog } from './log-group.ts';
import { Progress } from './progress.ts';
import { openFindingsTable, openStateTable, reach, type TableOptions } from './tables.ts';
import { counted, outputTo } from './terminal.ts';

/** What to learn, and into which tables. */
export interface LearnOptions extends TableOptions {
  readonly cluster: string;
  /** ISO time. */
  readonly since: string;
  readonly logGroup?: string;
  readonly stateTable: string;
  readonly findingsTable: string;
  readonly color: boolean;
}

/**
 * Learns what a cluster's log group still holds into the deployed tables, with the caller's credentials, or goes on with a learning that
 * was begun. Deliveries are left to it until it has come to the present.
 * @throws {LogAccessError} when the log group cannot be read.
 * @throws {TableAccessError} when a table cannot be reached.
 * @throws {UsageError} when another works on it, or the time is to come.
 */
export async function learn(options: LearnOptions): Promise<void> {
  const { cluster, since, logGroup = auditLogGroupAt(cluster), stateTable, findingsTable, color } = options;
  const errors = outputTo(process.stderr, color);
  const progress = new Progress(process.stderr, errors);
  let interrupted = false;
  process.once('SIGINT', () => { interrupted = true; });
  const { history, reading } = await openLogGroup(logGroup, {});
  const ports = { state: openStateTable(stateTable, options), findings: openFindingsTable(findingsTable, options), history };
  try {
    const learning = await reach(() => reachLog(logGroup, () => learnToTheEnd(ports, cluster, Date.parse(since), {
      reading,
      isOver: () => interrupted,
      say: (words) => { errors.write(`${words}\n`); },
      onProgress: (reached) => { progress.show(fractionOf(reached, Date.now()), `${counted(reached.events, 'event')} to ${minuteText(reached.readUntil)}`); },
    })));
    progress.clear();
    errors.write(`${summaryOf(learning)}\n`);
  } finally {
    progress.clear();
  }
}

/** How a learning is worked on until it ends. */
export interface ToTheEnd extends WorkOptions {
  /** Tells people. */
  readonly say: (words: string) => void;
}

/**
 * Begins a learning, or goes on with the one that is there, until it ends or `isOver` says so.
 * @throws {UsageError} when another works on it, or the time is to come.
 */
export async function learnToTheEnd(ports: LearningPorts, cluster: string, since: number, options: ToTheEnd): Promise<Learning> {
  const { reading: { clock }, isOver = () => false, say } = options;
  if (since >= clock.now()) throw new UsageError('--since must be a time that is past');
  // Deliveries must not be left to a learning that cannot read the log.
  await ports.history.page({ from: clock.now() - minuteMs, until: clock.now() });
  const isKnown = await isKnownCluster(ports.state, cluster);
  const { learning: begun, written } = await updateLearning(ports.state, cluster, (found) => (found ? undefined : newLearning(clock.now(), since)));
  if (written && isKnown) say(`something is known of ${cluster} already: what is older adds what each identity is known for, not how much it does`);
  if (begun && !written && begun.phase !== 'learned') say(`going on from ${minuteText(begun.readUntil)} UTC`);
  for (;;) {
    const { learning, again, isBusy } = await learnHistory(ports, cluster, options);
    if (!learning) throw new UsageError(`the learning of ${cluster} is gone from the state table`);
    if (isBusy) throw new UsageError(`another works on ${cluster}: it has read to ${minuteText(learning.readUntil)} UTC, and \`tidemark clusters\` shows how it gets on. If it is gone, this can go on at ${minuteText(learning.workerUntil + minuteMs)} UTC`);
    if (again === undefined || isOver()) return learning;
    if (learning.phase === 'closing') say(`read to ${minuteText(learning.readUntil)} UTC; deliveries are scored from now on. The last minutes are read once more when the log has them, at ${minuteText(again)} UTC`);
    await clock.wait(Math.max(0, again - clock.now()));
  }
}

/** How much of a log was read, from 0 to 1. */
export function fractionOf({ since, readUntil }: Learning, now: number): number {
  return Math.min(1, (readUntil - since) / Math.max(1, now - since));
}

function summaryOf({ phase, since, readUntil, events, malformed }: Learning): string {
  const read = `${counted(events, 'event')} from ${minuteText(since)} to ${minuteText(readUntil)} UTC, ${malformed.toLocaleString('en-US')} malformed`;
  return phase === 'learned' ? `learned: ${read}` : `stopped, and goes on when you say this again: ${read}`;
}
