import { forgetCluster } from '../lib/watch/known-clusters.ts';
import { clusterStatuses, type ClusterStatus } from '../lib/watch/silence.ts';
import { hourMs, isoTime, minuteMs, minuteText } from '../lib/time.ts';
import { cleanLine } from '../lib/text.ts';
import { UsageError } from './errors.ts';
import type { Format } from './options.ts';
import { openStateTable, reach, type TableOptions } from './tables.ts';
import { counted, outputTo, styled, type Output } from './terminal.ts';

/** Which table to ask, and how to print. */
export interface ClustersOptions extends TableOptions {
  readonly stateTable: string;
  /** A cluster that is gone. */
  readonly forget?: string;
  readonly format: Format;
  readonly color: boolean;
}

/**
 * Prints of each cluster that the deployment watches when its audit log last spoke, and how much of it could be read of late; before that it
 * forgets one that is gone. What was learned of it and found in it stays.
 * @throws {TableAccessError} when the table cannot be reached.
 * @throws {UsageError} when the cluster to be forgotten is not watched.
 */
export async function listClusters(options: ClustersOptions): Promise<void> {
  const { forget } = options;
  const state = openStateTable(options.stateTable, options);
  if (forget !== undefined && !(await reach(() => forgetCluster(state, forget)))) throw new UsageError(`${forget} is not watched; without --forget this lists what is`);
  const statuses = await reach(() => clusterStatuses(state, Date.now()));
  const output = outputTo(process.stdout, options.color);
  for (const status of statuses) output.write(options.format === 'jsonl' ? `${JSON.stringify(rowOf(status))}\n` : `${lineOf(status, output)}\n`);
  outputTo(process.stderr, options.color).write(`${counted(statuses.length, 'cluster')}${statuses.length === 0 ? ' (the watch function looks every five minutes; a deployment with watch=off has none)' : ''}\n`);
}

function rowOf({ cluster, silentMs, heartbeat: { newest, hours }, learning }: ClusterStatus) {
  return { cluster, lastEvent: newest === undefined ? null : isoTime(newest), silentSeconds: Math.round(silentMs / 1000), hours: hours.map(({ hour, ...counts }) => ({ from: isoTime(hour * hourMs), ...counts })), ...(learning ? { learning: { phase: learning.phase, from: isoTime(learning.since), readUntil: isoTime(learning.readUntil), events: learning.events } } : {}) };
}

function lineOf({ cluster, silentMs, heartbeat: { newest, since, hours }, learning }: ClusterStatus, output: Output): string {
  const spoke = newest === undefined ? `nothing yet; waited for since ${minuteText(since)} UTC` : `last event ${minuteText(newest)} UTC, ${ageOf(silentMs)} ago`;
  const ofHours = hours.map(({ hour, records, malformed }) => `${counted(records, 'record')} in the hour from ${minuteText(hour * hourMs)}${malformed > 0 ? `, ${malformed.toLocaleString('en-US')} unreadable` : ''}`);
  return `${styled(output, 'bold', cleanLine(cluster))}  ${[spoke, ...ofHours, ...learningWords(learning)].join('; ')}`;
}

function learningWords(learning: ClusterStatus['learning']): string[] {
  if (!learning || learning.phase === 'learned') return [];
  return [`learning its history: read to ${minuteText(learning.readUntil)} UTC, ${ageOf(Date.now() - learning.progressAt)} ago`];
}

function ageOf(milliseconds: number): string {
  if (milliseconds < 2 * hourMs) return counted(Math.round(milliseconds / minuteMs), 'minute');
  return milliseconds < 48 * hourMs ? counted(Math.round(milliseconds / hourMs), 'hour') : counted(Math.round(milliseconds / (24 * hourMs)), 'day');
}
