import type { IdentityKind } from '../identity.ts';
import type { CountHistory } from '../scoring/surprise.ts';
import { pastEnd, windowsPerDay } from '../time.ts';
import { cleanLine } from '../text.ts';
import { hash32 } from '../hash.ts';
import { addDistinct, countDistinct, type DistinctSketch } from './distinct.ts';
import { addWindow, countBefore, presenceIn, type Presence } from './presence.ts';

/** Something an identity does, uses or touches, by feature and value: `exec|payments`. */
export interface Trait extends Presence {
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
  last: number;
}

/** An identity is seen again after weeks. */
export interface Waking {
  readonly window: number;
  /** How many windows it was not seen. */
  readonly slept: number;
  /** How often that has come to pass. */
  readonly times: number;
}

/** What has been learned of one identity. All times in it are window numbers. */
export interface Baseline {
  readonly kind: IdentityKind;
  readonly peerGroup: string;
  readonly active: Presence;
  /** By `feature|value`. */
  readonly traits: Map<string, Trait>;
  /** When it had any value of a feature. */
  readonly features: Map<string, Presence>;
  /** Traits that were dropped for want of room, by feature: they still count as variety. */
  readonly dropped: Record<string, number>;
  /** Windows behind the sums, decayed. */
  windows: number;
  readonly measures: Record<string, MeasureSums>;
  /** Windows in each hour of a weekday (0–23) and of a weekend day (24–47), UTC. */
  readonly hours: number[];
  /** Windows whose counts are not in the sums yet, oldest first. */
  readonly open: WindowCounts[];
  readonly credentials: CredentialUse[];
  /** Requests in folded windows; counted exactly while a window has few, and of machines in their first hour. */
  requests: number;
  /** When it was last seen again after weeks, and how often it was. */
  woke?: Waking;
  /** Whether it is a service account that was made, within the day before it was first seen, by one who installs things. */
  readonly installed?: true;
  /** The latest window that is folded; what comes later for it or before is not counted any more. */
  folded: number;
}

/** Windows kept open: the present, and as much past as a late request can still be counted in. */
const openWindows = 4;
const windowsPerHour = windowsPerDay / 24;
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
/** A value is cut to so many characters. */
const maxTraitLength = 100;

/** The measure of how many requests there were, and of how many of one in `requestsPerSample` of them, picked by their id. */
const requestsMeasure = 'requests';
const sampledRequestsMeasure = 'sampled-requests';
/** Each request that is counted is a write: of those who make most of them, and are known, a sample does. */
const requestsPerSample = 16;
const sampledKinds: ReadonlySet<IdentityKind> = new Set(['service-account', 'node', 'control-plane', 'anonymous', 'failed-authentication']);

/** Begins a baseline in a window. */
export function newBaseline(kind: IdentityKind, peerGroup: string, window: number): Baseline {
  return {
    kind,
    peerGroup,
    active: presenceIn(window),
    traits: new Map(),
    features: new Map(),
    dropped: {},
    windows: 0,
    measures: {},
    hours: new Array<number>(48).fill(0),
    open: [],
    credentials: [],
    requests: 0,
    folded: Number.MIN_SAFE_INTEGER,
  };
}

/** Notes that an identity is active in a window. `true` when that changed anything. */
export function addActivity(baseline: Baseline, window: number): boolean {
  const slept = window - baseline.active.last;
  if (slept >= longSleep) baseline.woke = { window, slept, times: (baseline.woke?.times ?? 0) + 1 };
  return addWindow(baseline.active, window);
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
  if (!trait) {
    if (!makeRoom(baseline, key, window)) return false;
    baseline.traits.set(key, presenceIn(window));
    addUse(baseline, featureOf(key), window);
    return true;
  }
  if (trait.quarantined !== undefined && window - trait.quarantined > quarantineWindows) delete trait.quarantined;
  if (!addWindow(trait, window)) return false;
  addUse(baseline, featureOf(key), window);
  return true;
}

function addUse({ features }: Baseline, feature: string, window: number): void {
  const known = features.get(feature);
  if (known) addWindow(known, window);
  else features.set(feature, presenceIn(window));
}

/** Drops the oldest trait if there is no room for a new one; `false` when the new one is the oldest itself. */
function makeRoom(baseline: Baseline, key: string, window: number): boolean {
  const ofFeature = [...baseline.traits].filter(([other]) => other.startsWith(`${featureOf(key)}|`));
  if (ofFeature.length < maxTraitsOfFeature && baseline.traits.size < maxTraits) return true;
  const candidates = ofFeature.length > 0 ? ofFeature : [...baseline.traits];
  const isOlder = ([one, { last }]: [string, Trait], [other, than]: [string, Trait]): boolean => last < than.last || (last === than.last && one < other);
  const oldest = candidates.reduce((least, one) => (isOlder(one, least) ? one : least));
  if (isOlder([key, presenceIn(window)], oldest)) return false;
  baseline.traits.delete(oldest[0]);
  const dropped = featureOf(oldest[0]);
  baseline.dropped[dropped] = (baseline.dropped[dropped] ?? 0) + 1;
  return true;
}

/** How well a trait is known, as seen from a window: `windows` is how often it was seen in the past, 0 for a new one. */
export function pastWindows(baseline: Baseline, key: string, window: number): number {
  const trait = baseline.traits.get(key);
  return !trait || trait.quarantined !== undefined ? 0 : countBefore(trait, pastEnd(window));
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

/** Counts the requests in past windows: about, where a window had many, and of machines after their first hour. */
export function requestsBefore(baseline: Baseline, window: number): number {
  const open = baseline.open.filter((counts) => counts.window < pastEnd(window));
  return open.reduce((sum, { sketches }) => sum + requestsIn(sketches), baseline.requests);
}

/** Whether the requests of an identity in a window are counted by a sample. */
export function isSampled({ kind, active }: Baseline, window: number): boolean {
  return sampledKinds.has(kind) && window >= active.first + windowsPerHour;
}

/**
 * Counts a request in its window.
 * @returns whether that changed anything, and whether the request is known not to have been counted before.
 */
export function countRequest(baseline: Baseline, { window, sketches }: WindowCounts, auditId: string): { changed: boolean; isNew: boolean } {
  if (!isSampled(baseline, window)) {
    const isNew = addDistinct((sketches[requestsMeasure] ??= []), auditId);
    return { changed: isNew, isNew };
  }
  const isPicked = hash32(auditId) % requestsPerSample === 0;
  return { changed: isPicked && addDistinct((sketches[sampledRequestsMeasure] ??= []), auditId), isNew: false };
}

function requestsIn(sketches: WindowCounts['sketches']): number {
  return countDistinct(sketches[requestsMeasure] ?? []) + requestsPerSample * countDistinct(sketches[sampledRequestsMeasure] ?? []);
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
  return history;
}

/** Gives a window's sketches, opening the window when it is new; `undefined` when it has been folded. */
export function countsOf(baseline: Baseline, window: number): WindowCounts | undefined {
  if (window <= baseline.folded) return undefined;
  const found = baseline.open.find((open) => open.window === window);
  if (found) return found;
  const opened = { window, sketches: {} };
  baseline.open.push(opened);
  baseline.open.sort((one, other) => one.window - other.window);
  return opened;
}

/**
 * Moves on to a window: folds the windows that nothing will be added to any more into the sums, and forgets what was
 * not seen for two months. A window in which something was reported is left out of the sums.
 */
export function advance(baseline: Baseline, window: number, isReported: (window: number) => boolean): void {
  for (;;) {
    const oldest = baseline.open[0];
    if (!oldest || (oldest.window > window - openWindows && baseline.open.length <= maxOpenWindows)) break;
    baseline.open.shift();
    fold(baseline, oldest, isReported(oldest.window));
  }
  for (const kept of [baseline.traits, baseline.features]) for (const [key, { last }] of kept) if (window - last > forgottenAfter) kept.delete(key);
}

function fold(baseline: Baseline, { window, sketches }: WindowCounts, reported: boolean): void {
  baseline.requests += requestsIn(sketches);
  const elapsed = baseline.folded === Number.MIN_SAFE_INTEGER ? 0 : window - baseline.folded;
  baseline.folded = window;
  decaySums(baseline, 2 ** (-elapsed / halfLifeWindows));
  if (reported) return noteReported(baseline, window, sketches);
  baseline.windows += 1;
  baseline.hours[hourOf(window)] = (baseline.hours[hourOf(window)] ?? 0) + 1;
  for (const [measure, sketch] of Object.entries(sketches)) {
    const sums = (baseline.measures[measure] ??= { sum: 0, squares: 0, largest: 0 });
    const count = countDistinct(sketch);
    sums.sum += count;
    sums.squares += count ** 2;
    sums.largest = Math.max(sums.largest, count);
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
  baseline.windows *= decay;
  for (const sums of Object.values(baseline.measures)) {
    sums.sum *= decay;
    sums.squares *= decay;
    sums.largest *= decay;
    if (sums.reported !== undefined) sums.reported *= decay;
  }
}

/** Gives the place in `hours` of a window's hour: 0–23 on weekdays, 24–47 on weekends, UTC. */
export function hourOf(window: number): number {
  const hour = Math.floor(window / windowsPerHour);
  // The epoch began on a Thursday.
  const isWeekend = [2, 3].includes(Math.floor(hour / 24) % 7);
  return (hour % 24) + (isWeekend ? 24 : 0);
}

/**
 * Notes that a credential was used from a network.
 * @returns the network it was first used from, when that is another one, and whether anything is to be written.
 */
export function noteCredential(baseline: Baseline, use: CredentialUse): { from: string | undefined; changed: boolean } {
  const known = baseline.credentials.find(({ credential }) => credential === use.credential);
  if (known) {
    const changed = use.last > known.last;
    if (changed) known.last = use.last;
    return { from: known.network === use.network ? undefined : known.network, changed };
  }
  if (baseline.credentials.length === maxCredentials) {
    const oldest = oldestCredential(baseline.credentials);
    // One that comes so late was known and dropped.
    if (use.last <= (baseline.credentials[oldest]?.last ?? 0)) return { from: undefined, changed: false };
    baseline.credentials.splice(oldest, 1);
  }
  baseline.credentials.push({ ...use });
  return { from: undefined, changed: true };
}

function oldestCredential(uses: readonly CredentialUse[]): number {
  return uses.reduce((least, use, index) => (use.last < (uses[least]?.last ?? 0) ? index : least), 0);
}
