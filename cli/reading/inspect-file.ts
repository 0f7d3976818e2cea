import path from 'node:path';
import { readAuditRecord } from './audit-record.ts';
import { TrafficReader } from './traffic-record.ts';
import { isDocument, readRecords } from './records.ts';
import { DamagedGzipError, readText } from './text.ts';

/** A file without an audit event in so many characters is read when its turn comes first. */
const maxInspected = 4 * 1024 * 1024;
const headLength = 64 * 1024;

/** What a look at a file's beginning tells. */
export interface Inspection {
  /** The time of its first audit event or flow record in milliseconds since the epoch; `-Infinity` when none was seen. */
  readonly startsAt: number;
  /** What came first in it. */
  readonly holds: 'events' | 'traffic' | 'nothing';
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
  const { startsAt, holds } = await firstItem(beginning());
  return { startsAt, holds, cluster: clusterIn(path.resolve(file), head) };
}

async function firstItem(text: AsyncIterable<string>): Promise<Pick<Inspection, 'startsAt' | 'holds'>> {
  const flows = new TrafficReader();
  try {
    for await (const records of readRecords(text)) {
      for (const record of records) {
        const read = readAuditRecord(record, false);
        if (read.kind === 'event') return { startsAt: read.time, holds: 'events' };
        const flow = read.kind === 'other' ? flows.read(record.text) : read;
        if (flow.kind === 'query') return { startsAt: flow.query.time, holds: 'traffic' };
        if (flow.kind === 'flow') return { startsAt: flow.record.end * 1000, holds: 'traffic' };
      }
    }
  } catch (error) {
    // It is counted when the file is read.
    if (!(error instanceof DamagedGzipError)) throw error;
  }
  return { startsAt: -Infinity, holds: 'nothing' };
}

/** Only text around the events counts: what an event says must not name the cluster. */
function clusterIn(file: string, head: string): string | undefined {
  const group = isDocument(head) ? /"logGroup(?:Name|Identifier)?"\s*:\s*"[^"\\]*\/aws\/eks\/([^"/\\]+)\/cluster/.exec(head) : null;
  return group?.[1] ?? /[/\\]aws[/\\]eks[/\\]([^/\\]+)[/\\]cluster(?:[/\\]|$)/.exec(file)?.[1];
}
