import { cleanLine } from '../lib/text.ts';
import type { AddressLists } from '../lib/egress/address-lists.ts';
import { Destinations } from '../lib/egress/destination.ts';
import { Egress } from '../lib/engine/egress.ts';
import { Engine } from '../lib/engine/engine.ts';
import { severities, severityRank, type Finding, type Severity } from '../lib/finding.ts';
import { MemoryFindingStore, MemoryStateStore } from '../lib/memory-stores.ts';
import { readAddressLists, type AddressListOptions } from './address-lists.ts';
import { AuditFiles, type ReadingCounts } from './audit-files.ts';
import { cutItems } from './deliveries.ts';
import { UsageError } from './errors.ts';
import { writeFindings, writeJsonLines } from './finding-text.ts';
import type { Format } from './options.ts';
import { Progress } from './progress.ts';
import { counted, outputTo, type Output } from './terminal.ts';

/** How to replay. */
export interface ReplayOptions extends AddressListOptions {
  /** The cluster's name; found in the files when not given. */
  readonly cluster?: string;
  readonly format: Format;
  /** Milliseconds since the epoch; before it the events are only learned from. */
  readonly learnUntil?: number;
  /** Findings of this severity or graver make the exit code 1. */
  readonly failOn?: Severity;
  readonly color: boolean;
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
  const { findings, requests } = await runFiles(files, { ...options, lists, progress: new Progress(process.stderr, errors) });
  warnOfMalformed(files, errors);
  if (files.counts.events + files.counts.flows + files.counts.queries === 0) throw new UsageError(noEvents(files.counts));
  const output = outputTo(process.stdout, options.color);
  if (options.format === 'jsonl') writeJsonLines(findings, output);
  else writeFindings(findings, output);
  errors.write(`${summaryOf(files.counts, requests, findings)} in ${((performance.now() - begun) / 1000).toFixed(1)} s\n`);
  return options.failOn !== undefined && reaches(findings, options.failOn) ? 1 : 0;
}

/** Runs the events of files through an engine that keeps everything in memory. */
export async function runFiles(files: AuditFiles, options: { cluster?: string; learnUntil?: number; lists?: AddressLists; progress: Progress }): Promise<Replayed> {
  const { cluster = files.cluster, learnUntil, lists: { awsRanges, threats } = {}, progress } = options;
  const state = new MemoryStateStore();
  const findings = new MemoryFindingStore();
  const engine = new Engine({ state, findings }, learnUntil === undefined ? {} : { learnUntilEpochMs: learnUntil });
  const egress = files.hasTraffic ? new Egress(engine, state, { destinations: new Destinations({ aws: awsRanges }), strangers: !files.hasEvents, ...(threats ? { threats } : {}), ...(learnUntil === undefined ? {} : { learnUntilEpochMs: learnUntil }) }) : undefined;
  let requests = 0;
  try {
    for await (const delivery of cutItems(files.items(), cluster)) {
      // Who has an address is learned before what was sent from it.
      await egress?.learnAddresses(cluster, delivery.events);
      requests += (await engine.process(delivery)).requests;
      if (delivery.records.length > 0) await egress?.process(cluster, delivery.records);
      if (delivery.queries.length > 0) await egress?.processQueries(cluster, delivery.queries);
      progress.show(files.counts.bytes / files.totalBytes, `${counted(files.counts.events + files.counts.flows + files.counts.queries, 'record')} to ${delivery.events[0]?.requestReceivedTimestamp.slice(0, 16) ?? ''}`);
    }
  } finally {
    progress.clear();
  }
  return { findings: (await findings.query({ limit: Number.MAX_SAFE_INTEGER })).reverse(), requests, state };
}

function reaches(findings: readonly Finding[], severity: Severity): boolean {
  return findings.some((finding) => severityRank(finding.severity) >= severityRank(severity));
}

function warnOfMalformed({ malformed, counts }: AuditFiles, errors: Output): void {
  for (const { file, line, reason } of malformed) errors.write(`malformed: ${cleanLine(file)}:${String(line)}: ${cleanLine(reason)}\n`);
  if (counts.malformed > malformed.length) errors.write(`malformed: and ${String(counts.malformed - malformed.length)} more\n`);
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
