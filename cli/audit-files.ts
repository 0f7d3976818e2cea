import path from 'node:path';
import type { AuditEvent } from '../lib/audit/event.ts';
import { readAuditRecord } from './reading/audit-record.ts';
import { listFiles, type InputFile } from './reading/list-files.ts';
import { inspectFile, type Inspection } from './reading/inspect-file.ts';
import { mergeByTime, type Timed, type TimedSource } from './reading/merge.ts';
import { readRecords } from './reading/records.ts';
import type { FileRecord } from './reading/splitter.ts';
import { DamagedGzipError, readText } from './reading/text.ts';

/** Events stand at most so far from their place, or come late; a watch is logged when it ends and always comes late. */
const reorderLimits = { milliseconds: 5 * 60 * 1000, items: 25_000 };
const maxExamples = 5;

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
  malformed: number;
  /** Records that belong to other logs, or to none. */
  otherRecords: number;
  /** Bytes of the files as they are stored. */
  bytes: number;
}

interface InspectedFile {
  readonly file: InputFile;
  readonly inspection: Inspection;
}

interface TimedEvent extends Timed {
  readonly event: AuditEvent;
}

/**
 * Audit events in files: one JSON event a line, what `aws logs filter-log-events`, `get-log-events` and `tail` print,
 * what CloudWatch Logs exports to a bucket, and gzip of each, told apart by content. Memory use does not grow with
 * the files.
 */
export class AuditFiles {
  /** Sum of the files' sizes. */
  readonly totalBytes: number;
  /** The cluster's name by the log group in the files or their paths, else by the first file's folder. */
  readonly cluster: string;
  readonly counts: ReadingCounts = { events: 0, malformed: 0, otherRecords: 0, bytes: 0 };
  /** The first few malformed records. */
  readonly malformed: MalformedRecord[] = [];
  readonly #files: readonly InspectedFile[];

  private constructor(files: readonly InspectedFile[]) {
    this.#files = files;
    this.totalBytes = files.reduce((sum, { file }) => sum + file.bytes, 0);
    this.cluster = clusterOf(files);
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

  /**
   * Gives the events of all files, sorted by when their requests came.
   * @throws {UnreadableFileError} when a file cannot be read to its end.
   */
  async *events(): AsyncGenerator<AuditEvent> {
    for await (const { event } of mergeByTime(this.#files.map((one) => this.#source(one)), reorderLimits)) {
      this.counts.events += 1;
      yield event;
    }
  }

  #source({ file, inspection }: InspectedFile): TimedSource<TimedEvent> {
    return { startsAt: inspection.startsAt, open: () => this.#eventsOf(file.path) };
  }

  async *#eventsOf(file: string): AsyncGenerator<TimedEvent[]> {
    const reading = { file, fromAuditLog: false, line: 0 };
    try {
      const text = readText(file, (count) => { this.counts.bytes += count; });
      for await (const records of readRecords(text)) yield records.flatMap((record) => this.#read(record, reading));
    } catch (error) {
      if (!(error instanceof DamagedGzipError)) throw error;
      this.#addMalformed({ file, line: reading.line + 1, reason: error.message });
    }
  }

  #read(record: FileRecord, reading: { file: string; fromAuditLog: boolean; line: number }): TimedEvent[] {
    reading.line = record.line;
    const read = readAuditRecord(record, reading.fromAuditLog);
    if (read.kind === 'malformed') this.#addMalformed({ file: reading.file, line: record.line, reason: read.reason });
    if (read.kind === 'other') this.counts.otherRecords += 1;
    if (read.kind !== 'event') return [];
    reading.fromAuditLog = true;
    const { requestReceivedTimestamp, stageTimestamp } = read.event;
    return [{ event: read.event, time: read.time, order: requestReceivedTimestamp + stageTimestamp }];
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
