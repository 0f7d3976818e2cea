import { Heap } from './heap.ts';

/** Something that happened at a time. */
export interface Timed {
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Orders what happened within the same millisecond. */
  readonly order: string;
}

/** A file's nearly sorted items, read only when their time has come. */
export interface TimedSource<Item extends Timed> {
  /** The first item's time; `-Infinity` when it is not known. */
  readonly startsAt: number;
  open(): AsyncIterator<Item[], unknown>;
}

/** How far items may stand from their place: by time, and by number so that memory stays bounded. */
export interface ReorderLimits {
  readonly milliseconds: number;
  readonly items: number;
}

interface ActiveSource<Item> {
  readonly batches: AsyncIterator<Item[], unknown>;
  /** The latest time seen. */
  reached: number;
}

/**
 * Gives the items of all sources sorted by time. An item that stands further from its place than the limits allow
 * comes late instead of being lost. A source is opened when the others have reached its first item.
 */
export async function* mergeByTime<Item extends Timed>(sources: readonly TimedSource<Item>[], limits: ReorderLimits): AsyncGenerator<Item> {
  const waiting = [...sources].sort((one, other) => compareNumbers(one.startsAt, other.startsAt));
  const active: ActiveSource<Item>[] = [];
  const buffer = new Heap<Item>(compare);
  while (openDue(waiting, active)) {
    await readSlowest(active, buffer);
    const reached = Math.min(waiting[0]?.startsAt ?? Infinity, ...active.map((source) => source.reached));
    yield* take(buffer, reached - limits.milliseconds, limits.items);
  }
  yield* take(buffer, Infinity, 0);
}

/** Opens the sources that the others have gone past. `false` when all have been read to their ends. */
function openDue<Item extends Timed>(waiting: TimedSource<Item>[], active: ActiveSource<Item>[]): boolean {
  for (;;) {
    const next = waiting[0];
    if (!next || active.some((source) => source.reached <= next.startsAt)) return active.length > 0;
    waiting.shift();
    active.push({ batches: next.open(), reached: next.startsAt });
  }
}

async function readSlowest<Item extends Timed>(active: ActiveSource<Item>[], buffer: Heap<Item>): Promise<void> {
  const slowest = active.reduce((least, source) => (source.reached < least.reached ? source : least));
  const { value, done } = await slowest.batches.next();
  if (done) {
    active.splice(active.indexOf(slowest), 1);
    return;
  }
  for (const item of value) {
    slowest.reached = Math.max(slowest.reached, item.time);
    buffer.push(item);
  }
}

function* take<Item extends Timed>(buffer: Heap<Item>, until: number, maxKept: number): Generator<Item> {
  for (let next = buffer.peek(); next && (next.time <= until || buffer.size > maxKept); next = buffer.peek()) {
    buffer.pop();
    yield next;
  }
}

function compare(one: Timed, other: Timed): number {
  if (one.time !== other.time) return compareNumbers(one.time, other.time);
  return one.order < other.order ? -1 : Number(one.order > other.order);
}

/** Subtraction would give no number for two infinities. */
function compareNumbers(one: number, other: number): number {
  return one < other ? -1 : Number(one > other);
}
