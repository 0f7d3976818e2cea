import { windowsPerDay } from '../time.ts';

/** So many windows are kept of each: up to so many they are counted exactly. */
const keptWindows = 8;
/** To so many it is known when something was seen last. */
const freshWindows = 4 * windowsPerDay;

/**
 * In which windows something was seen: the first, about when last, and a sample of them by which they are counted. Adding a window twice, or
 * windows in another order, gives the same. Of what is seen all the time few windows change the sample, so it is seldom to be written.
 */
export interface WindowSample {
  first: number;
  /** The start of the days in which it was seen last (`daysOf`). */
  last: number;
  /** Windows are kept of which so many lowest bits of the hash are zero. */
  level: number;
  /** The windows that are kept, oldest first. */
  kept: number[];
}

/** Gives the sample of something seen in one window. `salt` has those that are sampled alike be sampled together, others not. */
export function sampleIn(window: number, salt: number): WindowSample {
  return { first: window, last: daysOf(window, salt), level: 0, kept: [window] };
}

/**
 * Adds a window. `true` when that changed anything. When there are too many, those that the next bit of the hash leaves out are dropped: what is left
 * is an even sample. Source: Flajolet, "On adaptive sampling" (Computing 43, 1990).
 */
export function addToSample(sample: WindowSample, window: number, salt: number): boolean {
  let changed = noteSeen(sample, window, salt);
  if (window < sample.first) {
    sample.first = window;
    changed = true;
  }
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

/** Estimates the windows before `end`, each weighed by its age: half as much for each `halfLife` windows that it is before the window `asOf`. */
export function decayedBefore({ level, kept }: WindowSample, end: number, { halfLife, asOf }: { halfLife: number; asOf: number }): number {
  return kept.filter((window) => window < end).reduce((sum, window) => sum + 2 ** (level - (asOf - window) / halfLife), 0);
}

/** Notes when something is seen, to some days. `true` when that changed anything. */
export function noteSeen(seen: { last: number }, window: number, salt: number): boolean {
  const days = daysOf(window, salt);
  if (days <= seen.last) return false;
  seen.last = days;
  return true;
}

/** Gives the first window of the days that a window is in; with another salt they begin at another time, so that not all is written at once. */
export function daysOf(window: number, salt: number): number {
  return window - ((window + salt) % freshWindows);
}

/** The zero bits at the end of a hash of a window: a half has one, a quarter two. */
function levelOf(window: number, salt: number): number {
  let mixed = Math.imul(window ^ Math.imul(salt, 0x9e3779b1), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  mixed ^= mixed >>> 16;
  return mixed === 0 ? 32 : 31 - Math.clz32(mixed & -mixed);
}
