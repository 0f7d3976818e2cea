import { cleanLine } from '../lib/text.ts';
import type { AddressLists } from '../lib/egress/address-lists.ts';
import { Destinations } from '../lib/egress/destination.ts';
import { Egress } from '../lib/engine/egress.ts';
import { Engine } from '../lib/engine/engine.ts';
import { severities, severityRank, type Finding, type Severity } from '../lib/finding.ts';
import { MemoryFindingStore, MemoryStateStore } from '../lib/memory-stores.ts';
import { readAddressLists, type AddressListOptions } from './address-lists.ts';
import { AuditFiles, type LogItem, type ReadingCounts } from './audit-files.ts';
import { cutItems } from './deliveries.ts';
import { UsageError } from './errors.ts';
import { writeFindings, writeJsonLines } from './finding-text.ts';
import type { Format } from './options.ts';
import { Progress } from './progress.ts';
import { counted, outputTo, type Output } from './terminal.ts';

/** How to print what a run led to. */
export interface ReportOptions {
  readonly format: Format;
  /** Findings of this severity or graver make the exit code 1. */
  readonly failOn?: Severity;
  readonly color: boolean;
}

/** How to replay. */
export interface ReplayOptions extends AddressListOptions, ReportOptions {
  /** The cluster's name; found in the files when not given. */
  readonly cluster?: string;
  /** Milliseconds since the epoch; before it the events are only learned from. */
  readonly learnUntil?: number;
}

/** A log that can be run through the engine. */
export interface LogSource {
  readonly cluster: string;
  /** Whether it seems to hold flow records or look-ups of names, and any audit events. */
  readonly hasTraffic: boolean;
  readonly hasEvents: boolean;
  readonly counts: ReadingCounts;
  /** How much of it was read, from 0 to 1. */
  readonly fraction: number;
  /** Gives what it says, sorted by time. */
  items(): AsyncIterable<LogItem>;
}

/** What a replay led to. */
export interface Replayed {
  /** In their final state, oldest first. */
  readonly findings: Finding[];
  readonly requests: number;
  readonly state: MemoryStateStore;
}

/**
 * Runs audit logs in files through the engine, as if they had come from the cluster, and prints what it finds.
 * @returns the exit code: 1 when `failOn` was met, else 0.
 * @throws {UnreadableFileError} when a file or a list cannot be read.
 * @throws {UsageError} when the files hold no audit event.
 */
export async function replay(paths: readonly string[], options: ReplayOptions): Promise<number> {
  const errors = outputTo(process.stderr, options.color);
  const begun = performance.now();
  const lists = await readAddressLists(options, Date.now());
  if (lists.threats && lists.threats.notUsed > 0) errors.write(`threat lists: ${String(lists.threats.size)} entries used, ${String(lists.threats.notUsed)} not\n`);
  const files = await AuditFiles.open(paths);
  const replayed = await runLog(files, { ...options, lists, progress: new Progress(process.stderr, errors) });
  warnOfMalformed(files.counts, files.malformed.map(({ file, line, reason }) => ({ where: `${file}:${String(line)}`, reason })), errors);
  if (files.counts.events + files.counts.flows + files.counts.queries === 0) throw new UsageError(noEvents(files.counts));
  return report(files.counts, replayed, { ...options, begun });
}

/**
 * Prints what a run led to, and how much it read since `begun` on the clock of `performance`.
 * @returns the exit code: 1 when `failOn` was met, else 0.
 */
export function report(counts: ReadingCounts, { findings, requests }: Replayed, { format, failOn, color, begun }: ReportOptions & { readonly begun: number }): number {
  const output = outputTo(process.stdout, color);
  if (format === 'jsonl') writeJsonLines(findings, output);
  else writeFindings(findings, output);
  outputTo(process.stderr, color).write(`${summaryOf(counts, requests, findings)} in ${((performance.now() - begun) / 1000).toFixed(1)} s\n`);
  return failOn !== undefined && reaches(findings, failOn) ? 1 : 0;
}

/** Runs a log through an engine that keeps everything in memory. */
export async function runLog(log: LogSource, options: { cluster?: string; learnUntil?: number; lists?: AddressLists; progress: Progress }): Promise<Replayed> {
  const { cluster = log.cluster, learnUntil, lists: { awsRanges, threats } = {}, progress } = options;
  const state = new MemoryStateStore();
  const findings = new MemoryFindingStore();
  const engine = new Engine({ state, findings }, learnUntil === undefined ? {} : { learnUntilEpochMs: learnUntil });
  const egress = log.hasTraffic ? new Egress(engine, state, { destinations: new Destinations({ aws: awsRanges }), strangers: !log.hasEvents, ...(threats ? { threats } : {}), ...(learnUntil === undefined ? {} : { learnUntilEpochMs: learnUntil }) }) : undefined;
  let requests = 0;
  try {
    for await (const delivery of cutItems(log.items(), cluster)) {
      // Who has an address is learned before what was sent from it.
      await egress?.learnAddresses(cluster, delivery.events);
      requests += (await engine.process(delivery)).requests;
      if (delivery.records.length > 0) await egress?.process(cluster, delivery.records);
      if (delivery.queries.length > 0) await egress?.processQueries(cluster, delivery.queries);
      progress.show(log.fraction, `${counted(log.counts.events + log.counts.flows + log.counts.queries, 'record')} to ${delivery.events[0]?.requestReceivedTimestamp.slice(0, 16) ?? ''}`);
    }
  } finally {
    progress.clear();
  }
  return { findings: (await findings.query({ limit: Number.MAX_SAFE_INTEGER })).reverse(), requests, state };
}

function reaches(findings: readonly Finding[], severity: Severity): boolean {
  return findings.some((finding) => severityRank(finding.severity) >= severityRank(severity));
}

/** Names the first malformed records of a log, and says how many more there are. */
export function warnOfMalformed(counts: ReadingCounts, first: readonly { readonly where: string; readonly reason: string }[], errors: Output): void {
  for (const { where, reason } of first) errors.write(`malformed: ${cleanLine(where)}: ${cleanLine(reason)}\n`);
  if (counts.malformed > first.length) errors.write(`malformed: and ${String(counts.malformed - first.length)} more\n`);
}

function noEvents({ malformed, otherRecords }: ReadingCounts): string {
  const held = `${counted(malformed, 'malformed record')}, ${counted(otherRecords, 'record')} of other logs`;
  return `no audit event in these files (${held}); is the audit log enabled in the cluster's logging settings, and is this its kube-apiserver-audit stream?`;
}

function summaryOf(counts: ReadingCounts, requests: number, findings: readonly Finding[]): string {
  const bySeverity = [...severities].reverse().map((severity) => [findings.filter((finding) => finding.severity === severity).length, severity] as const);
  const parts = bySeverity.filter(([count]) => count > 0).map(([count, severity]) => `${String(count)} ${severity}`);
  return [
    counted(counts.events, 'event'),
    counted(requests, 'request'),
    ...(counts.flows > 0 ? [counted(counts.flows, 'flow record')] : []),
    ...(counts.queries > 0 ? [counted(counts.queries, 'look-up')] : []),
    counted(findings.length, 'finding') + (parts.length > 0 ? ` (${parts.join(', ')})` : ''),
    `${String(counts.malformed)} malformed`,
    ...(counts.otherRecords > 0 ? [`${counted(counts.otherRecords, 'record')} of other logs`] : []),
  ].join(', ');
}
