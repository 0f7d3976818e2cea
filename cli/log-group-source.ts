import { MalformedRecordError, readAuditEvent } from '../lib/audit/event.ts';
import type { HistoryRecord, TimeRange } from '../lib/backfill/log-history.ts';
import { readHistory } from '../lib/backfill/read-history.ts';
import { isoTime } from '../lib/time.ts';
import { reorderLimits, type LogItem, type ReadingCounts } from './audit-files.ts';
import type { OpenLogGroup } from './log-group.ts';
import { mergeByTime } from './reading/merge.ts';
import type { LogSource } from './replay.ts';

const maxExamples = 5;

/** A cluster's audit log in CloudWatch Logs, to be run through the engine. */
export class LogGroupSource implements LogSource {
  readonly cluster: string;
  readonly hasTraffic = false;
  readonly hasEvents = true;
  readonly counts: ReadingCounts = { events: 0, flows: 0, queries: 0, malformed: 0, otherRecords: 0, bytes: 0 };
  /** The first few malformed records. */
  readonly malformed: { where: string; reason: string }[] = [];
  /** When the log's oldest record in the range was written; `undefined` while there is none. */
  oldest: number | undefined;
  readonly #logGroup: OpenLogGroup;
  readonly #range: TimeRange;
  #readUntil: number;

  constructor(cluster: string, logGroup: OpenLogGroup, range: TimeRange) {
    this.cluster = cluster;
    this.#logGroup = logGroup;
    this.#range = range;
    this.#readUntil = range.from;
  }

  /** How much of the range was read, from 0 to 1. */
  get fraction(): number {
    const { from, until } = this.#range;
    return (this.#readUntil - from) / (until - from);
  }

  /**
   * Gives the events, sorted by when their requests came.
   * @throws {HistoryError} when the log cannot be read to its end.
   */
  async *items(): AsyncGenerator<LogItem> {
    for await (const item of mergeByTime([{ startsAt: -Infinity, open: () => this.#batches() }], reorderLimits)) {
      this.counts.events += 1;
      yield item;
    }
  }

  async *#batches(): AsyncGenerator<LogItem[]> {
    const { history, reading } = this.#logGroup;
    for await (const { records, readUntil } of readHistory(history, this.#range, reading)) {
      this.oldest ??= records[0]?.time;
      this.#readUntil = readUntil;
      yield records.flatMap((record) => this.#read(record));
    }
  }

  #read({ time, message }: HistoryRecord): LogItem[] {
    this.counts.bytes += message.length;
    const event = readAuditEvent(message);
    if (event instanceof MalformedRecordError) {
      this.counts.malformed += 1;
      if (this.malformed.length < maxExamples) this.malformed.push({ where: isoTime(time), reason: event.message });
      return [];
    }
    const { requestReceivedTimestamp, stageTimestamp } = event;
    return [{ kind: 'event', event, time: Date.parse(requestReceivedTimestamp), order: requestReceivedTimestamp + stageTimestamp }];
  }
}
