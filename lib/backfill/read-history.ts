import { HistoryError, type HistoryRecord, type LogHistory, type Page, type PageRequest, type TimeRange } from './log-history.ts';
import type { Pace } from './pace.ts';
import { hourMs } from '../time.ts';

/** Parts are cut at these hours of the day, or so many times further apart that there are not too many, each of which costs a request. */
const shortestPartMs = 6 * hourMs;
const mostParts = 60;
/** So many parts are read at once, and of each so many pages before they are needed: 24 pages of at most 1 MB. */
const partsAtOnce = 6;
const pagesAhead = 4;
/** So often in a row a request is repeated before it counts as failed. */
const maxAttempts = 12;

/** The clock by which history is read. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  wait(milliseconds: number): Promise<unknown>;
}

/** How history is read. */
export interface ReadingOptions {
  readonly pace: Pace;
  readonly clock: Clock;
}

/** Records that come next in the order of time. */
export interface Progressed {
  readonly records: readonly HistoryRecord[];
  /** With them all has been given that is before this time, in milliseconds since the epoch. */
  readonly readUntil: number;
}

/** Cuts a stretch of time into parts to be fetched at once: fourteen days at every sixth hour of the day, in UTC. */
export function partsOf({ from, until }: TimeRange): TimeRange[] {
  const partMs = shortestPartMs * Math.max(1, Math.ceil((until - from) / (shortestPartMs * mostParts)));
  const parts: TimeRange[] = [];
  for (let start = from; start < until; ) {
    const end = Math.min(until, (Math.floor(start / partMs) + 1) * partMs);
    parts.push({ from: start, until: end });
    start = end;
  }
  return parts;
}

/**
 * Gives what a log holds of a stretch of time, in the order of time, while several parts of it are fetched at once. Whoever stops
 * anywhere can begin again at the last `readUntil`: what comes again then has the same time.
 * @throws {HistoryError} when a page cannot be read, also not later.
 */
export async function* readHistory(history: LogHistory, range: TimeRange, options: ReadingOptions): AsyncGenerator<Progressed> {
  const reading: Reading = { ...options, history, stopped: false };
  const waiting = partsOf(range);
  const open: AsyncGenerator<Progressed>[] = [];
  try {
    for (;;) {
      while (open.length < partsAtOnce && waiting.length > 0) open.push(ahead(readPart(waiting.shift() as TimeRange, reading)));
      const [earliest] = open;
      if (!earliest) return;
      yield* earliest;
      open.shift();
    }
  } finally {
    reading.stopped = true;
  }
}

interface Reading extends ReadingOptions {
  readonly history: LogHistory;
  /** Nobody needs more. */
  stopped: boolean;
}

/** Asks a generator for what will be needed at once, and not only when it is needed. */
function ahead<Item>(source: AsyncGenerator<Item>): AsyncGenerator<Item> {
  const asked = Array.from({ length: pagesAhead }, () => ask(source));
  return (async function* () {
    for (;;) {
      const { value, done } = await (asked.shift() as Promise<IteratorResult<Item, undefined>>);
      if (done) return;
      asked.push(ask(source));
      yield value;
    }
  })();
}

/** A failure is told when its turn comes. */
function ask<Item>(source: AsyncGenerator<Item>): Promise<IteratorResult<Item, undefined>> {
  const next = source.next() as Promise<IteratorResult<Item, undefined>>;
  next.catch(() => undefined);
  return next;
}

async function* readPart(part: TimeRange, reading: Reading): AsyncGenerator<Progressed> {
  /** From when on is asked: a token only goes on with the same question. */
  let from = part.from;
  let reached = part.from;
  let token: string | undefined;
  /** What was given of the millisecond that is asked for again when all is asked anew. */
  let given = new Set<string>();
  let renewed = 0;
  while (!reading.stopped) {
    const page = await readPage({ ...part, from, ...(token === undefined ? {} : { token }) }, reading);
    token = page instanceof HistoryError ? undefined : page.next;
    if (page instanceof HistoryError) {
      if (++renewed === maxAttempts) throw page;
      from = reached;
      continue;
    }
    const records = page.records.filter(({ time, id }) => time !== reached || !given.has(id));
    const last = records.at(-1)?.time ?? reached;
    if (last > reached) [given, renewed] = [new Set(), 0];
    reached = last;
    for (const { time, id } of records) if (time === reached) given.add(id);
    yield { records, readUntil: token === undefined ? part.until : reached };
    if (token === undefined) return;
  }
}

/** A token that is no longer valid is given back as an error: from the last record's time on all can be asked anew. */
async function readPage(request: PageRequest, { history, pace, clock }: Reading): Promise<Page | HistoryError> {
  for (let attempt = 1; ; attempt++) {
    const delay = pace.reserve(clock.now());
    if (delay > 0) await clock.wait(delay);
    const sentAt = clock.now();
    try {
      const page = await history.page(request);
      pace.answered();
      return page;
    } catch (error) {
      if (!(error instanceof HistoryError)) throw error;
      if (error.problem === 'token') return error;
      const passes = error.problem === 'throttled' || error.problem === 'unavailable';
      if (!passes || attempt === maxAttempts) throw error;
      pace.throttled(sentAt, clock.now());
    }
  }
}
