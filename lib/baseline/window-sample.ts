import { windowsPerDay } from '../time.ts';

/** So many windows are kept of each: up to so many they are counted exactly. */
const keptWindows = 10;
/** To so many it is known when an identity was seen last, and to how many when it last did a thing. */
const freshWindows = 4 * windowsPerDay;
const freshWindowsOfThings = 8 * windowsPerDay;

/** Salts are whole numbers from 0 to one less. */
export const salts = 10_000;

/**
 * In which windows something was seen: the first, about when last, and a sample of them by which they are counted. Adding a window twice, or
 * windows in another order, gives the same. Of what is seen all the time few windows change the sample, so it is seldom to be written.
 */
export interface WindowSample {
  first: number;
  /** The start of the days in which it was seen last. */
  last: number;
  /** Only windows of this level and higher are kept: one of two to the power of it. */
  level: number;
  /** The windows that are kept, oldest first. */
  kept: number[];
}

/** Gives the sample of something seen in one window. `salt` has those that are sampled alike be sampled together, others not. */
export function sampleIn(window: number, salt: number): WindowSample {
  return { first: window, last: fewDaysOf(window, salt), level: 0, kept: [window] };
}

/**
 * Adds a window. `true` when that changed anything. When there are too many, the level rises and about half of them are
 * dropped: what is left is an even sample. Source: Flajolet, "On adaptive sampling" (Computing 43, 1990).
 */
export function addToSample(sample: WindowSample, window: number, salt: number): boolean {
  const last = fewDaysOf(window, salt);
  const changed = last > sample.last || window < sample.first;
  sample.first = Math.min(sample.first, window);
  sample.last = Math.max(sample.last, last);
  if (levelOf(window, salt) < sample.level || sample.kept.includes(window)) return changed;
  sample.kept.push(window);
  sample.kept.sort((one, other) => one - other);
  while (sample.kept.length > keptWindows) {
    sample.level += 1;
    sample.kept = sample.kept.filter((one) => levelOf(one, salt) >= sample.level);
  }
  return true;
}

/** Estimates the windows before `end`; exact while there are few. At least one when there was any. */
export function countBefore({ first, level, kept }: WindowSample, end: number): number {
  return first >= end ? 0 : Math.max(1, kept.filter((window) => window < end).length * 2 ** level);
}

/** Makes a sample of which only the first window, the last and how many there were are known, as older releases kept it. */
export function sampleOf({ first, last, count }: { first: number; last: number; count: number }): WindowSample {
  const level = Math.max(0, Math.ceil(Math.log2(count / keptWindows)));
  const kept = Math.max(1, Math.round(count / 2 ** level));
  const step = kept === 1 ? 0 : (last - first) / (kept - 1);
  return { first, last, level, kept: [...new Set(Array.from({ length: kept }, (_, index) => Math.round(first + index * step)))] };
}

/** Gives the window in which something was seen last, at the latest. */
export function seenUntil({ last }: WindowSample): number {
  return last + freshWindows - 1;
}

/** Estimates the windows before `end`, each weighed by its age: half as much for each `halfLife` windows that it is before the window `asOf`. */
export function decayedBefore({ level, kept }: WindowSample, end: number, { halfLife, asOf }: { halfLife: number; asOf: number }): number {
  return kept.filter((window) => window < end).reduce((sum, window) => sum + 2 ** (level - (asOf - window) / halfLife), 0);
}

/** The start of the days in which a thing was done; with another salt they begin at another time, so that not all is written at once. */
export function daysOf(window: number, salt: number): number {
  return window - ((window + salt) % freshWindowsOfThings);
}

function fewDaysOf(window: number, salt: number): number {
  return window - ((window + salt) % freshWindows);
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
