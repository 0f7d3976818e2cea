import path from 'node:path';
import { readAuditRecord } from './audit-record.ts';
import { isDocument, readRecords } from './records.ts';
import { DamagedGzipError, readText } from './text.ts';

/** A file without an audit event in so many characters is read when its turn comes first. */
const maxInspected = 4 * 1024 * 1024;
const headLength = 64 * 1024;

/** What a look at a file's beginning tells. */
export interface Inspection {
  /** The time of its first audit event in milliseconds since the epoch; `-Infinity` when none was seen. */
  readonly startsAt: number;
  /** The cluster's name, when the path or the text around the events has the log group's name. */
  readonly cluster: string | undefined;
}

/**
 * Looks into a file until its first audit event.
 * @throws {UnreadableFileError} when it cannot be read.
 */
export async function inspectFile(file: string): Promise<Inspection> {
  let head = '';
  let inspected = 0;
  async function* beginning(): AsyncGenerator<string> {
    for await (const text of readText(file)) {
      if (head === '') head = text.slice(0, headLength);
      inspected += text.length;
      yield text;
      if (inspected >= maxInspected) return;
    }
  }
  const startsAt = await firstTime(beginning());
  return { startsAt, cluster: clusterIn(path.resolve(file), head) };
}

async function firstTime(text: AsyncIterable<string>): Promise<number> {
  try {
    for await (const records of readRecords(text)) {
      for (const record of records) {
        const read = readAuditRecord(record, false);
        if (read.kind === 'event') return read.time;
      }
    }
  } catch (error) {
    // It is counted when the file is read.
    if (!(error instanceof DamagedGzipError)) throw error;
  }
  return -Infinity;
}

/** Only text around the events counts: what an event says must not name the cluster. */
function clusterIn(file: string, head: string): string | undefined {
  const group = isDocument(head) ? /"logGroup(?:Name|Identifier)?"\s*:\s*"[^"\\]*\/aws\/eks\/([^"/\\]+)\/cluster/.exec(head) : null;
  return group?.[1] ?? /[/\\]aws[/\\]eks[/\\]([^/\\]+)[/\\]cluster(?:[/\\]|$)/.exec(file)?.[1];
}
