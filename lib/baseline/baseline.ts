import { isMachine, type Identity, type IdentityKind } from '../identity.ts';
import type { CountHistory } from '../scoring/surprise.ts';
import { lateWindows, pastEnd, windowsPerDay, windowsPerHour } from '../time.ts';
import { cleanLine } from '../text.ts';
import { hash32 } from '../hash.ts';
import { addHash, countDistinct, type DistinctSketch } from './distinct.ts';
import { addToSample, countBefore, daysOf, decayedBefore, doneUntil, noteDone, salts, sampleIn, seenUntil, type WindowSample } from './window-sample.ts';

/** Something an identity does, uses or touches, by feature and value: `exec|payments`. */
export interface Trait {
  /** The window in which it was first seen. */
  first: number;
  /** When it was last seen, to some days (`daysOf`); once it was reported, the window. */
  last: number;
  /** Set, to the window, while it belongs to what was reported: it is then neither known nor new. */
  quarantined?: number;
  /** The window in which the peers were told. */
  shared?: number;
}

/** One window's counts of distinct things, by measure. */
export interface WindowCounts {
  readonly window: number;
  readonly sketches: Record<string, DistinctSketch>;
}

/** Decayed sums over an identity's past windows for one measure. */
export interface MeasureSums {
  sum: number;
  squares: number;
  largest: number;
  /** What was reported last, and so is not in the sums. */
  lastReport?: { count: number; window: number };
  /** What was reported on two occasions: as much again is no news, it is a habit. */
  reported?: number;
}

/** A credential, or a pod that has one, and the network or the address it was first used from. */
export interface CredentialUse {
  readonly credential: number;
  readonly network: string;
  /** When it was last used, to some days (`daysOf`). */
  last: number;
}

/** An identity is seen again after weeks. */
export interface Waking {
  readonly window: number;
  /** In how many windows, at least, it was not seen. */
  readonly slept: number;
  /** How often that has come to pass. */
  readonly times: number;
}

/** What has been learned of one identity. All times in it are window numbers. */
export interface Baseline {
  readonly kind: IdentityKind;
  readonly peerGroup: string;
  readonly active: WindowSample;
  /** By `feature|value`. */
  readonly traits: Map<string, Trait>;
  /** When it had any value of a feature. */
  readonly features: Map<string, WindowSample>;
  /** Traits that were dropped for want of room, by feature: they still count as variety. */
  readonly dropped: Record<string, number>;
  /** Windows behind the sums, decayed; of machines only those in which something was counted. */
  windows: number;
  readonly measures: Record<string, MeasureSums>;
  /** Windows in each hour of a weekday (0–23) and of a weekend day (24–47), UTC; not of machines. */
  readonly hours: number[];
  /** Hashes of the first few things that it was seen to do, by measure. */
  readonly usual: Record<string, number[]>;
  /** A number by which its windows are sampled, another for each identity. */
  readonly salt: number;
  /** Windows whose counts are not in the sums yet, oldest first. */
  readonly open: WindowCounts[];
  readonly credentials: CredentialUse[];
  /** When it was last seen again after weeks, and how often it was. */
  woke?: Waking;
  /** Whether it is a service account that was made, within the day before it was first seen, by one who installs things. */
  readonly installed?: true;
  /** The latest window that is folded; what comes later for it or before is not counted any more. */
  folded: number;
}

const halfLifeWindows = 14 * windowsPerDay;
/** What was not seen for so long is forgotten. */
const forgottenAfter = 60 * windowsPerDay;
/** Who is not seen for so long sleeps. */
const longSleep = 14 * windowsPerDay;
const quarantineWindows = 7 * windowsPerDay;
/** Reports closer together are of one occasion. */
const occasionWindows = windowsPerDay / 4;
const maxTraits = 300;
/** Times that jump about, as broken clocks give them, leave no more windows open. */
const maxOpenWindows = 8;
const maxTraitsOfFeature = 64;
const maxCredentials = 16;
/** So many things of a measure that an identity does again and again are not counted. */
const maxUsual = 64;
/** A value is cut to so many characters. */
const maxTraitLength = 100;

/** Begins a baseline in a window. */
export function newBaseline({ id, kind, peerGroup }: Identity, window: number): Baseline {
  const salt = hash32(id) % salts;
  return {
    kind,
    peerGroup,
    salt,
    active: sampleIn(window, salt),
    traits: new Map(),
    features: new Map(),
    dropped: {},
    windows: 0,
    measures: {},
    hours: isMachine(kind) ? [] : new Array<number>(48).fill(0),
    usual: {},
    open: [],
    credentials: [],
    folded: Number.MIN_SAFE_INTEGER,
  };
}

/** Notes that an identity is active in a window. `true` when that changed anything. */
export function addActivity(baseline: Baseline, window: number): boolean {
  const slept = window - seenUntil(baseline.active);
  if (slept >= longSleep) baseline.woke = { window, slept, times: (baseline.woke?.times ?? 0) + 1 };
  const changed = addToSample(baseline.active, window, baseline.salt);
  // Whoever keeps hours is looked at window by window.
  return (!isMachine(baseline.kind) && window > baseline.folded && openWindow(baseline, window).isNew) || changed;
}

/** Names a trait; hostile values are made one bounded line. */
export function traitKey(feature: string, value: string): string {
  return `${feature}|${cleanLine(value.slice(0, maxTraitLength)).slice(0, maxTraitLength - feature.length - 1).toWellFormed()}`;
}

/** Gives the feature a trait belongs to. */
export function featureOf(key: string): string {
  return key.slice(0, key.indexOf('|'));
}

/** Adds a trait's window. `true` when that changed anything. */
export function addTrait(baseline: Baseline, key: string, window: number): boolean {
  const trait = baseline.traits.get(key);
  // What comes so late may have been known and dropped: to add it again would count it twice.
  if (window <= baseline.folded && baseline.dropped[featureOf(key)] !== undefined && window < (trait?.first ?? Infinity)) return false;
  const used = addUse(baseline, featureOf(key), window);
  if (!trait) {
    if (!makeRoom(baseline, key, window)) return used;
    baseline.traits.set(key, { first: window, last: daysOf(window, baseline.salt) });
    return true;
  }
  if (trait.quarantined !== undefined && window - trait.quarantined > quarantineWindows) delete trait.quarantined;
  const seen = seeAgain(trait, window, baseline.salt);
  if (window >= trait.first) return used || seen;
  trait.first = window;
  return true;
}

/** What was reported is followed window by window. */
function seeAgain(trait: Trait, window: number, salt: number): boolean {
  if (trait.quarantined === undefined) return noteDone(trait, window, salt);
  if (window <= trait.last) return false;
  trait.last = window;
  return true;
}

function addUse({ features, salt }: Baseline, feature: string, window: number): boolean {
  const known = features.get(feature);
  if (known) return addToSample(known, window, salt);
  features.set(feature, sampleIn(window, salt));
  return true;
}

/** Drops the oldest trait if there is no room for a new one; `false` when the new one is the oldest itself. */
function makeRoom(baseline: Baseline, key: string, window: number): boolean {
  const ofFeature = [...baseline.traits].filter(([other]) => other.startsWith(`${featureOf(key)}|`));
  if (ofFeature.length < maxTraitsOfFeature && baseline.traits.size < maxTraits) return true;
  const candidates = ofFeature.length > 0 ? ofFeature : [...baseline.traits];
  const order = ([one, { first, last }]: [string, Trait], [other, than]: [string, Trait]): number => last - than.last || first - than.first || (one < other ? -1 : 1);
  const oldest = candidates.reduce((least, one) => (order(one, least) < 0 ? one : least));
  if (order([key, { first: window, last: daysOf(window, baseline.salt) }], oldest) < 0) return false;
  baseline.traits.delete(oldest[0]);
  const dropped = featureOf(oldest[0]);
  baseline.dropped[dropped] = (baseline.dropped[dropped] ?? 0) + 1;
  return true;
}

/** Whether a trait was seen in the past, as seen from a window, and not reported. */
export function isKnown(baseline: Baseline, key: string, window: number): boolean {
  const trait = baseline.traits.get(key);
  return trait !== undefined && trait.quarantined === undefined && trait.first < pastEnd(window);
}

/** Notes that a trait belongs to what was reported in a window. */
export function quarantine({ traits }: Baseline, key: string, window: number): void {
  const trait = traits.get(key);
  if (!trait) return;
  trait.quarantined ??= window;
  trait.last = Math.max(trait.last, window);
}

/**
 * Counts the values of a feature that were known in the past, and the windows in which there was one: `uses`. What was
 * reported and done again on another occasion counts: a habit that people know of.
 */
export function knownValues(baseline: Baseline, feature: string, window: number): { values: number; uses: number } {
  const end = pastEnd(window);
  let values = baseline.dropped[feature] ?? 0;
  const isHabit = ({ quarantined, first, last }: Trait): boolean => quarantined === undefined || Math.min(last, end - 1) - first >= occasionWindows;
  for (const [key, trait] of baseline.traits) if (key.startsWith(`${feature}|`) && trait.first < end && isHabit(trait)) values += 1;
  const used = baseline.features.get(feature);
  return { values, uses: values > 0 && used ? countBefore(used, end) : 0 };
}

/** Counts the identity's active windows in the past. */
export function activeWindows(baseline: Baseline, window: number): number {
  return countBefore(baseline.active, pastEnd(window));
}

/**
 * Counts a thing in a window's measure.
 * @returns the window's count; `undefined` when the thing was counted in it before, or is one of the usual, or the window is the past.
 */
export function countThing(baseline: Baseline, measure: string, { window, thing }: { window: number; thing: string }): number | undefined {
  const hash = hash32(thing);
  if (window <= baseline.folded || baseline.usual[measure]?.includes(shortHash(hash))) return undefined;
  const sketch = (openWindow(baseline, window).counts.sketches[measure] ??= []);
  return addHash(sketch, hash) ? countDistinct(sketch) : undefined;
}

/** Few are kept of a measure, so few bits tell them apart. */
function shortHash(hash: number): number {
  return hash % 2 ** 16;
}

/** Gives a measure's history as seen from a window: its sums, and the open windows that are the past by then. */
export function historyOf(baseline: Baseline, measure: string, window: number): CountHistory & { largest: number; reported: number } {
  const { sum = 0, squares = 0, largest = 0, reported = 0 } = baseline.measures[measure] ?? {};
  const history = { windows: baseline.windows, sum, squares, largest, reported };
  for (const open of baseline.open) {
    if (open.window >= pastEnd(window)) continue;
    const count = countDistinct(open.sketches[measure] ?? []);
    history.windows += 1;
    history.sum += count;
    history.squares += count ** 2;
    history.largest = Math.max(history.largest, count);
  }
  return isMachine(baseline.kind) ? { ...history, windows: Math.max(history.windows, windowsOfMachine(baseline, window)) } : history;
}

/** A machine's windows in which nothing was counted are known by the sample of all; the sums are as of the last that was folded. */
function windowsOfMachine({ active, folded }: Baseline, window: number): number {
  return decayedBefore(active, pastEnd(window), { halfLife: halfLifeWindows, asOf: folded === Number.MIN_SAFE_INTEGER ? window : folded });
}

function openWindow({ open }: Baseline, window: number): { counts: WindowCounts; isNew: boolean } {
  const found = open.find((one) => one.window === window);
  if (found) return { counts: found, isNew: false };
  const counts = { window, sketches: {} };
  open.push(counts);
  open.sort((one, other) => one.window - other.window);
  return { counts, isNew: true };
}

/**
 * Moves on to a window: folds the windows that nothing will be added to any more into the sums, and forgets what was
 * not seen for two months. A window in which something was reported is left out of the sums.
 * @returns whether that changed anything.
 */
export function advance(baseline: Baseline, window: number, isReported: (window: number) => boolean): boolean {
  let changed = false;
  for (;;) {
    const oldest = baseline.open[0];
    if (!oldest || (oldest.window > window - lateWindows && baseline.open.length <= maxOpenWindows)) break;
    baseline.open.shift();
    changed = true;
    fold(baseline, oldest, isReported(oldest.window));
  }
  for (const kept of [baseline.traits, baseline.features]) for (const [key, seen] of kept) if (window - doneUntil(seen) > forgottenAfter) changed = kept.delete(key);
  return changed;
}

function fold(baseline: Baseline, { window, sketches }: WindowCounts, reported: boolean): void {
  const elapsed = baseline.folded === Number.MIN_SAFE_INTEGER ? 0 : window - baseline.folded;
  baseline.folded = window;
  decaySums(baseline, 2 ** (-elapsed / halfLifeWindows));
  if (reported) return noteReported(baseline, window, sketches);
  baseline.windows += 1;
  noteUsual(baseline, sketches);
  if (!isMachine(baseline.kind)) baseline.hours[hourOf(window)] = (baseline.hours[hourOf(window)] ?? 0) + 1;
  for (const [measure, sketch] of Object.entries(sketches)) {
    const sums = (baseline.measures[measure] ??= { sum: 0, squares: 0, largest: 0 });
    const count = countDistinct(sketch);
    sums.sum = rounded(sums.sum + count);
    sums.squares = rounded(sums.squares + count ** 2);
    sums.largest = Math.max(sums.largest, count);
  }
}

/** What is done again and again is no news, and would be a write in each window. */
function noteUsual({ usual }: Baseline, sketches: WindowCounts['sketches']): void {
  for (const [measure, sketch] of Object.entries(sketches)) {
    const known = (usual[measure] ??= []);
    known.push(...sketch.map(shortHash).filter((hash) => !known.includes(hash)).slice(0, maxUsual - known.length));
  }
}

function noteReported(baseline: Baseline, window: number, sketches: WindowCounts['sketches']): void {
  for (const [measure, sketch] of Object.entries(sketches)) {
    const sums = (baseline.measures[measure] ??= { sum: 0, squares: 0, largest: 0 });
    const count = countDistinct(sketch);
    const { lastReport } = sums;
    const isSameOccasion = lastReport !== undefined && window - lastReport.window < occasionWindows;
    if (lastReport && !isSameOccasion) sums.reported = Math.max(sums.reported ?? 0, Math.min(lastReport.count, count));
    sums.lastReport = { count: isSameOccasion ? Math.max(lastReport.count, count) : count, window };
  }
}

function decaySums(baseline: Baseline, decay: number): void {
  baseline.windows = rounded(baseline.windows * decay);
  for (const sums of Object.values(baseline.measures)) {
    sums.sum = rounded(sums.sum * decay);
    sums.squares = rounded(sums.squares * decay);
    sums.largest = rounded(sums.largest * decay);
    if (sums.reported !== undefined) sums.reported = rounded(sums.reported * decay);
  }
}

/** Six digits: more would make each item longer and nothing more exact. */
function rounded(sum: number): number {
  return Number(sum.toPrecision(6));
}

/** Gives the place in `hours` of a window's hour: 0–23 on weekdays, 24–47 on weekends, UTC. */
export function hourOf(window: number): number {
  const hour = Math.floor(window / windowsPerHour);
  // The epoch began on a Thursday.
  const isWeekend = [2, 3].includes(Math.floor(hour / 24) % 7);
  return (hour % 24) + (isWeekend ? 24 : 0);
}

/**
 * Notes that a credential was used from a network. One that was used in these days gives way to no other: of more pods than there is room for, all
 * would push each other out.
 * @returns the network it was first used from, when that is another one, and whether anything is to be written.
 */
export function noteCredential(baseline: Baseline, { credential, network, window }: { credential: number; network: string; window: number }): { from: string | undefined; changed: boolean } {
  const { credentials, salt } = baseline;
  const known = credentials.find((one) => one.credential === credential);
  if (known) return { from: known.network === network ? undefined : known.network, changed: noteDone(known, window, salt) };
  const use = { credential, network, last: daysOf(window, salt) };
  if (credentials.length === maxCredentials) {
    const oldest = credentials.reduce((least, { last }, index) => (last < (credentials[least]?.last ?? 0) ? index : least), 0);
    if (use.last <= (credentials[oldest]?.last ?? 0)) return { from: undefined, changed: false };
    credentials.splice(oldest, 1);
  }
  credentials.push(use);
  return { from: undefined, changed: true };
}
