/** How regular some times are. */
export interface Regularity {
  /** The median of what lies between them, in seconds. */
  readonly interval: number;
  /** The share of intervals that are within a third of it. About 0.25 of what comes at random, 1 of a timer with jitter. */
  readonly share: number;
  /** Whether all come at the full five minutes of the clock, as scheduled jobs do. */
  readonly isOnTheClock: boolean;
}

/** Fewer say nothing. */
const leastTimes = 10;
const around = 0.35;
const clockSeconds = 300;
/** A job that is due takes so long to start. */
const startSeconds = 40;

/** Tells how regular times are; `times` is in seconds and sorted. `undefined` when they are too few to say. */
export function regularityOf(times: readonly number[]): Regularity | undefined {
  if (times.length < leastTimes) return undefined;
  const intervals = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  const interval = intervals.toSorted((one, other) => one - other)[intervals.length >> 1] ?? 0;
  const within = intervals.filter((each) => Math.abs(each - interval) <= around * interval).length;
  const isOnTheClock = interval > 0.9 * clockSeconds && times.every((time) => time % clockSeconds < startSeconds);
  return { interval, share: within / intervals.length, isOnTheClock };
}
