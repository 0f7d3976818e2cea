import path from 'node:path';
import type { AuditEvent } from '../lib/audit/event.ts';
import type { FlowRecord } from '../lib/egress/flow-record.ts';
import type { DnsQuery } from '../lib/egress/query-log.ts';
import { isoTime, minuteMs } from '../lib/time.ts';
import { readAuditRecord } from './reading/audit-record.ts';
import { TrafficReader } from './reading/traffic-record.ts';
import { listFiles, type InputFile } from './reading/list-files.ts';
import { inspectFile, type Inspection } from './reading/inspect-file.ts';
import { mergeByTime, type Timed, type TimedSource } from './reading/merge.ts';
import { readRecords } from './reading/records.ts';
import type { FileRecord } from './reading/splitter.ts';
import { DamagedGzipError, readText } from './reading/text.ts';

/** Events stand at most so far from their place, or come late; a watch is logged when it ends and always comes late. */
export const reorderLimits = { milliseconds: 5 * minuteMs, items: 25_000 };
const maxExamples = 5;
const countedAs = { event: 'events', flow: 'flows', query: 'queries' } as const;

/** A record that should be an audit event and is none. */
export interface MalformedRecord {
  readonly file: string;
  /** From 1; of the unpacked text when the file is gzip. */
  readonly line: number;
  readonly reason: string;
}

/** What was read so far. */
export interface ReadingCounts {
  events: number;
  /** VPC flow records. */
  flows: number;
  /** Look-ups of names. */
  queries: number;
  malformed: number;
  /** Records that belong to other logs, or to none. */
  otherRecords: number;
  /** Bytes of the files as they are stored. */
  bytes: number;
}

/** A file that is being read. */
interface Reading {
  readonly file: string;
  fromAuditLog: boolean;
  line: number;
  readonly flows: TrafficReader;
}

interface InspectedFile {
  readonly file: InputFile;
  readonly inspection: Inspection;
}

/** Something that a log says, with its time. */
export type LogItem = Timed & ({ readonly kind: 'event'; readonly event: AuditEvent } | { readonly kind: 'flow'; readonly record: FlowRecord } | { readonly kind: 'query'; readonly query: DnsQuery });

/**
 * Audit events, VPC flow records and Resolver query logs in files: one JSON event or one record a line, what `aws logs filter-log-events`, `get-log-events` and `tail` print,
 * what CloudWatch Logs exports to a bucket, and gzip of each, told apart by content. Memory use does not grow with
 * the files.
 */
export class AuditFiles {
  /** Sum of the files' sizes. */
  readonly totalBytes: number;
  /** The cluster's name by the log group in the files or their paths, else by the first file's folder. */
  readonly cluster: string;
  /** Whether any file seems to hold flow records or look-ups of names, and any audit events. */
  readonly hasTraffic: boolean;
  readonly hasEvents: boolean;
  readonly counts: ReadingCounts = { events: 0, flows: 0, queries: 0, malformed: 0, otherRecords: 0, bytes: 0 };
  /** The first few malformed records. */
  readonly malformed: MalformedRecord[] = [];
  readonly #files: readonly InspectedFile[];

  private constructor(files: readonly InspectedFile[]) {
    this.#files = files;
    this.totalBytes = files.reduce((sum, { file }) => sum + file.bytes, 0);
    this.cluster = clusterOf(files);
    this.hasTraffic = files.some(({ inspection }) => inspection.holds === 'traffic');
    this.hasEvents = files.some(({ inspection }) => inspection.holds === 'events');
  }

  /**
   * Finds the files that paths name, a directory standing for all in it, and looks into each.
   * @throws {UnreadableFileError} when one cannot be read.
   */
  static async open(paths: readonly string[]): Promise<AuditFiles> {
    const files = [];
    for (const file of await listFiles(paths)) files.push({ file, inspection: await inspectFile(file.path) });
    return new AuditFiles(files);
  }

  /** How much of the files was read, from 0 to 1. */
  get fraction(): number {
    return this.counts.bytes / this.totalBytes;
  }

  /**
   * Gives the events of all files, sorted by when their requests came.
   * @throws {UnreadableFileError} when a file cannot be read to its end.
   */
  async *events(): AsyncGenerator<AuditEvent> {
    for await (const item of this.items()) if (item.kind === 'event') yield item.event;
  }

  /**
   * Gives the events, flow records and look-ups of all files, sorted by time; that of a flow record is when it ended.
   * @throws {UnreadableFileError} when a file cannot be read to its end.
   */
  async *items(): AsyncGenerator<LogItem> {
    for await (const item of mergeByTime(this.#files.map((one) => this.#source(one)), reorderLimits)) {
      this.counts[countedAs[item.kind]] += 1;
      yield item;
    }
  }

  #source({ file, inspection }: InspectedFile): TimedSource<LogItem> {
    return { startsAt: inspection.startsAt, open: () => this.#eventsOf(file.path) };
  }

  async *#eventsOf(file: string): AsyncGenerator<LogItem[]> {
    const reading: Reading = { file, fromAuditLog: false, line: 0, flows: new TrafficReader() };
    try {
      const text = readText(file, (count) => { this.counts.bytes += count; });
      for await (const records of readRecords(text)) yield records.flatMap((record) => this.#read(record, reading));
    } catch (error) {
      if (!(error instanceof DamagedGzipError)) throw error;
      this.#addMalformed({ file, line: reading.line + 1, reason: error.message });
    }
  }

  #read(record: FileRecord, reading: Reading): LogItem[] {
    reading.line = record.line;
    const read = readAuditRecord(record, reading.fromAuditLog);
    if (read.kind === 'other') return this.#readFlow(record, reading);
    if (read.kind === 'malformed') this.#addMalformed({ file: reading.file, line: record.line, reason: read.reason });
    if (read.kind !== 'event') return [];
    reading.fromAuditLog = true;
    const { requestReceivedTimestamp, stageTimestamp } = read.event;
    return [{ kind: 'event', event: read.event, time: read.time, order: requestReceivedTimestamp + stageTimestamp }];
  }

  #readFlow(record: FileRecord, reading: Reading): LogItem[] {
    const read = reading.flows.read(record.text);
    if (read.kind === 'malformed') this.#addMalformed({ file: reading.file, line: record.line, reason: read.reason });
    if (read.kind === 'other') this.counts.otherRecords += 1;
    if (read.kind === 'query') return [{ kind: 'query', query: read.query, time: read.query.time, order: isoTime(read.query.time) }];
    if (read.kind !== 'flow') return [];
    return [{ kind: 'flow', record: read.record, time: read.record.end * 1000, order: isoTime(read.record.end * 1000) }];
  }

  #addMalformed(record: MalformedRecord): void {
    this.counts.malformed += 1;
    if (this.malformed.length < maxExamples) this.malformed.push(record);
  }
}

function clusterOf(files: readonly InspectedFile[]): string {
  const named = files.find(({ inspection }) => inspection.cluster !== undefined)?.inspection.cluster;
  if (named !== undefined) return named;
  const first = files.find(({ inspection }) => inspection.startsAt > -Infinity);
  const folder = first ? path.basename(path.dirname(path.resolve(first.file.path))) : '';
  // Exports have a folder for each log stream, which names no cluster.
  return folder === '' || folder.startsWith('kube-apiserver-audit') ? 'cluster' : folder;
}
