import { lateWindows, windowsPerDay } from '../time.ts';

/** So many windows are kept of each: up to so many they are counted exactly. */
const keptWindows = 7;
/** Times that jump about, or a log that is read backwards, leave no more. */
const mostKept = 4 * keptWindows;
/** To so many it is known when an identity was seen last, and to how many when it last did a thing. */
const freshWindows = 4 * windowsPerDay;
const freshWindowsOfThings = 8 * windowsPerDay;

/** Before all windows: nothing was counted. */
export const noWindow = -1;

/** Salts are whole numbers from 0 to one less. */
export const salts = 10_000;

/**
 * In which windows something was seen: the first, about when last, and a sample of them by which they are counted. Adding a window twice
 * changes nothing, and windows that come some minutes late give the same. Of what is seen all the time few windows change the sample, so it is seldom
 * to be written.
 */
export interface WindowSample {
  first: number;
  /** The start of the days in which it was seen last. */
  last: number;
  /** Only windows of this level and higher are kept: one of two to the power of it. */
  level: number;
  /** The windows that are kept, oldest first. */
  kept: number[];
  /** About how many there were up to the window `until`; of later ones, each that is kept stands for two to the power of the level. */
  count: number;
  until: number;
}

/** Gives the sample of something seen in one window. `salt` has those that are sampled alike be sampled together, others not. */
export function sampleIn(window: number, salt: number): WindowSample {
  return { first: window, last: startOfDays(window, salt, freshWindows), level: 0, kept: [window], count: 0, until: noWindow };
}

/**
 * Adds a window. `true` when that changed anything. When there are too many, the level rises and about half of them are dropped: what is left is an
 * even sample (Flajolet, "On adaptive sampling", Computing 43, 1990). Each is counted once, for as many as it stood for then, which is right on average and
 * nearer than to count what is left (Ting, "Streamed approximate counting of distinct elements", KDD 2014).
 */
export function addToSample(sample: WindowSample, window: number, salt: number): boolean {
  const last = startOfDays(window, salt, freshWindows);
  const changed = last > sample.last || window < sample.first;
  sample.first = Math.min(sample.first, window);
  sample.last = Math.max(sample.last, last);
  if (levelOf(window, salt) < sample.level || sample.kept.includes(window)) return changed;
  sample.kept.push(window);
  sample.kept.sort((one, other) => one - other);
  if (window <= sample.until) sample.count += 2 ** sample.level;
  countUntil(sample, sample.kept.length > mostKept ? Infinity : window - lateWindows, salt);
  thinOut(sample, salt);
  return true;
}

/** Counts what is kept of the windows up to `end`, in their order. */
function countUntil(sample: WindowSample, end: number, salt: number): void {
  for (;;) {
    const next = sample.kept.find((window) => window > sample.until);
    if (next === undefined || next > end) return;
    sample.count += 2 ** sample.level;
    sample.until = next;
    thinOut(sample, salt);
  }
}

function thinOut(sample: WindowSample, salt: number): void {
  while (sample.kept.filter((window) => window <= sample.until).length > keptWindows) {
    sample.level += 1;
    sample.kept = sample.kept.filter((window) => levelOf(window, salt) >= sample.level);
  }
}

/** Estimates the windows before `end`; exact while there are few. At least one when there was any. */
export function countBefore(sample: WindowSample, end: number): number {
  if (sample.first >= end) return 0;
  const { level, kept, count, until } = sample;
  const later = kept.filter((window) => window > until && window < end).length * 2 ** level;
  if (end > until) return Math.max(1, count + later);
  // Of what is long past only the sample is left.
  const share = kept.filter((window) => window < end).length / Math.max(1, kept.filter((window) => window <= until).length);
  return Math.max(1, Math.round(count * share));
}

/** Makes a sample of which only the first window, the last and how many there were are known, as older releases kept it. */
export function sampleOf({ first, last, count }: { first: number; last: number; count: number }): WindowSample {
  const level = Math.max(0, Math.ceil(Math.log2(count / keptWindows)));
  const kept = Math.max(1, Math.round(count / 2 ** level));
  const step = kept === 1 ? 0 : (last - first) / (kept - 1);
  return { first, last, level, kept: [...new Set(Array.from({ length: kept }, (_, index) => Math.round(first + index * step)))], count, until: last };
}

/** Gives the window in which something was seen last, at the latest. */
export function seenUntil({ last }: WindowSample): number {
  return last + freshWindows - 1;
}

/** Estimates the windows before `end`, each weighed by its age: half as much for each `halfLife` windows that it is before the window `asOf`. */
export function decayedBefore(sample: WindowSample, end: number, { halfLife, asOf }: { halfLife: number; asOf: number }): number {
  const past = sample.kept.filter((window) => window < end);
  const weights = past.reduce((sum, window) => sum + 2 ** ((window - asOf) / halfLife), 0);
  return past.length === 0 ? 0 : (countBefore(sample, end) / past.length) * weights;
}

/** Gives the first window of the days in which a thing was done. */
export function daysOf(window: number, salt: number): number {
  return startOfDays(window, salt, freshWindowsOfThings);
}

/** With another salt the days begin at another time, so that not all is written at once. */
function startOfDays(window: number, salt: number, length: number): number {
  return window - ((window + salt) % length);
}

/** Gives the window in which a thing was last done, at the latest. */
export function doneUntil({ last }: { last: number }): number {
  return last + freshWindowsOfThings - 1;
}

/** Notes that a thing is done again. `true` when that changed anything. */
export function noteDone(thing: { last: number }, window: number, salt: number): boolean {
  const days = daysOf(window, salt);
  if (days <= thing.last) return false;
  thing.last = days;
  return true;
}

/**
 * A half of all windows has at least level 1, a quarter level 2, and so on. Multiples of the logarithm of 2 are spread over the interval from 0 to 1 more evenly
 * than at random, also those of every sixth or every 144th window, so that what comes at regular times is counted within a tenth or so.
 * Source: Weyl, "Über die Gleichverteilung von Zahlen mod. Eins" (Math. Annalen 77, 1916); `test/lib/baseline/window-sample.test.ts` measures it.
 */
function levelOf(window: number, salt: number): number {
  return Math.floor(-Math.log2((window * Math.LN2 + salt / salts) % 1));
}
