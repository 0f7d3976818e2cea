import { addWindow, countBefore, presenceIn, type Presence } from '../../baseline/presence.ts';
import { hash32 } from '../../hash.ts';
import type { CountHistory } from '../../scoring/surprise.ts';
import { pastEnd, windowsPerDay } from '../../time.ts';
import { addWeighed, weigh, type WeighedSketch } from './weighed-sketch.ts';

/** Sums of counts over past windows or days. */
export interface Sums {
  sum: number;
  squares: number;
  largest: number;
}

/** What is known of one registered domain: when it was looked up, and how much coded data its names held, if any. */
export interface DomainHabit extends Presence {
  inWindows?: Sums;
  inDays?: Sums;
}

/** The names with coded data that were looked up in one window or day, by domain. */
export interface CodedNames {
  /** The number of the window or the day. */
  readonly at: number;
  readonly coded: Record<string, WeighedSketch>;
}

/** A window that something can still be added to. */
export interface OpenWindow extends CodedNames {
  /** Domains that do not exist and look random. */
  readonly generated: WeighedSketch;
}

/**
 * What has been learned of the names that one asker, or a whole cluster, looks up. Plain JSON. Domains are kept by their
 * hashes, and all times but those of `arrivals` are window numbers.
 */
export interface NameBaseline {
  active?: Presence;
  readonly domains: Record<string, DomainHabit>;
  /** Domains that were dropped for want of room: they still count as variety. */
  dropped: number;
  /** Findings that are made of one look-up, by hash: what was found once is no news. */
  readonly traits: Record<string, Presence>;
  readonly open: OpenWindow[];
  readonly days: CodedNames[];
  readonly generated: Sums;
  /** When domains that are new were looked up, in seconds since the epoch: the latest, sorted. */
  readonly arrivals: Record<string, number[]>;
  /** Names that led outside, by hash, with the window of the latest time. */
  readonly outside: Record<string, number>;
  /** When people were first told, by the hash of the signal's key. */
  readonly told: Record<string, number>;
  /** The latest window that is folded into sums. */
  folded: number;
}

/** How many distinct names a sketch samples, and of how many domains there is one. */
export const windowRoom = { size: 32, domains: 8 } as const;
export const dayRoom = { size: 16, domains: 24 } as const;
const maxDomains = 320;
/** When there are too many, so many go at once. */
const domainsDropped = 32;
const maxTraits = 48;
const maxArrivals = 24;
const maxYoung = 24;
const maxOutside = 24;
const maxTold = 24;
const openWindows = 4;
/** Times that jump about leave no more windows open. */
const maxOpenWindows = 4;
/** Look-ups so close together, in seconds, are one: of both sorts of addresses, or again for want of an answer. */
const together = 5;
/** For so many seconds it is waited for a domain to come back. */
const onceSeconds = 3 * 60 * 60;
const oftenSeconds = 24 * 60 * 60;
/** For so long what goes on is told again; then it is silent, and learned, for the rest of the week. */
const occasionWindows = windowsPerDay / 4;
const silentWindows = 7 * windowsPerDay;

/** Begins a baseline. */
export function newNameBaseline(): NameBaseline {
  return { domains: {}, dropped: 0, traits: {}, open: [], days: [], generated: { sum: 0, squares: 0, largest: 0 }, arrivals: {}, outside: {}, told: {}, folded: -1 };
}

/** Gives what a domain, or a trait, is kept by. */
export function keyOf(text: string): string {
  return hash32(text).toString(36);
}

/**
 * Whether a domain is usual elsewhere: the cluster's baseline knew it before the asker did, as seen from a window. Made to be
 * the `isUsual` of `learnQuery`.
 */
export function isUsualInCluster(cluster: NameBaseline, own: NameBaseline, { domain, window }: { domain: string; window: number }): boolean {
  const key = keyOf(domain);
  const known = cluster.domains[key];
  return known !== undefined && known.first < pastEnd(Math.min(window, own.domains[key]?.first ?? window));
}

/** After so long an asker is well known. */
export const matureWindows = 4 * windowsPerDay;

/** How much is known of an asker, from 0 at its first look-up to 1 after four days. */
export function nameMaturity({ active }: NameBaseline, window: number): number {
  return active ? Math.min(1, Math.max(0, (window - active.first) / matureWindows)) : 0;
}

/** Counts the windows in the past in which something was looked up. */
export function windowsBefore({ active }: NameBaseline, window: number): number {
  return active ? countBefore(active, pastEnd(window)) : 0;
}

/** Notes that something is looked up in a window. `true` when that changed anything. */
export function addActiveWindow(baseline: NameBaseline, window: number): boolean {
  if (baseline.active) return addWindow(baseline.active, window);
  baseline.active = presenceIn(window);
  return true;
}

/** Adds a domain's window. `true` when that changed anything. */
export function addDomain(baseline: NameBaseline, key: string, window: number): boolean {
  const known = baseline.domains[key];
  if (known) return addWindow(known, window);
  dropDomains(baseline);
  baseline.domains[key] = presenceIn(window);
  return true;
}

/** When there is no room, the domains go that were seen in one window only, then those not seen for longest. */
function dropDomains(baseline: NameBaseline): void {
  if (Object.keys(baseline.domains).length < maxDomains) return;
  const all = Object.entries(baseline.domains);
  const rank = ({ count }: Presence): number => Math.min(count, 3);
  all.sort(([one, a], [other, b]) => rank(a) - rank(b) || a.last - b.last || (one < other ? -1 : 1));
  for (const [key] of all.slice(0, domainsDropped)) Reflect.deleteProperty(baseline.domains, key);
  baseline.dropped += domainsDropped;
}

/** Whether a trait is new as seen from a window; adds it. */
export function addTrait({ traits }: NameBaseline, key: string, window: number): { readonly isNew: boolean; readonly changed: boolean } {
  const known = traits[key];
  if (known) return { changed: addWindow(known, window), isNew: countBefore(known, pastEnd(window)) === 0 };
  makeRoom(traits, maxTraits, ({ last }) => last);
  traits[key] = presenceIn(window);
  return { isNew: true, changed: true };
}

/** Adds a name with coded data to a window or a day. `true` when that changed anything. */
export function addCoded({ coded }: CodedNames, key: string, { name, weight, room }: { name: string; weight: number; room: { size: number; domains: number } }): boolean {
  if (!coded[key]) makeRoom(coded, room.domains, (sketch) => weigh(sketch, room.size).weight);
  return addWeighed((coded[key] ??= []), name, { weight, size: room.size });
}

/** Notes when a domain was looked up, in seconds since the epoch. `true` when that changed anything. */
export function addArrival({ arrivals }: NameBaseline, key: string, time: number): boolean {
  if (!arrivals[key]) makeRoomForArrivals(arrivals, time);
  const times = (arrivals[key] ??= []);
  if (times.some((other) => Math.abs(other - time) <= together)) return false;
  const after = times.findIndex((other) => other > time);
  if (after === 0 && times.length >= maxArrivals) return false;
  times.splice(after < 0 ? times.length : after, 0, time);
  if (times.length > maxArrivals) times.shift();
  return true;
}

/** What was not seen for long goes first; of those that came once, the later: what comes back must still be known then. */
function makeRoomForArrivals(arrivals: NameBaseline['arrivals'], time: number): void {
  const isOver = (times: readonly number[]): boolean => time - (times.at(-1) ?? 0) > (times.length === 1 ? onceSeconds : oftenSeconds);
  makeRoom(arrivals, maxYoung, (times) => (isOver(times) ? 0 : times.length - (times[0] ?? 0) / 1e12));
}

/** Notes that a name led outside in a window. `true` when that changed anything. */
export function addOutside({ outside }: NameBaseline, key: string, window: number): boolean {
  if ((outside[key] ?? -1) >= window) return false;
  const all = Object.entries(outside);
  // The same whatever the order: the latest are kept, of those of one window the first by their keys.
  const isLess = ([one, at]: [string, number], [other, than]: [string, number]): boolean => at < than || (at === than && one > other);
  if (outside[key] === undefined && all.length >= maxOutside) {
    const least = all.reduce((lowest, one) => (isLess(one, lowest) ? one : lowest));
    if (isLess([key, window], least)) return false;
    Reflect.deleteProperty(outside, least[0]);
  }
  outside[key] = window;
  return true;
}

/**
 * Notes that people are told. `said` is whether to say so now: a thing that goes on is told of for six hours, and silent for the rest
 * of a week, in which it becomes usual.
 */
export function addTold({ told }: NameBaseline, key: string, window: number): { readonly said: boolean; readonly changed: boolean } {
  const first = told[key];
  if (first !== undefined && Math.abs(window - first) <= silentWindows) return { said: window - first <= occasionWindows, changed: false };
  if (first === undefined) makeRoom(told, maxTold, (window) => window);
  told[key] = window;
  return { said: true, changed: true };
}

/** Gives an open window; `undefined` when it is folded. */
export function openWindow(baseline: NameBaseline, window: number): OpenWindow | undefined {
  if (window <= baseline.folded) return undefined;
  const found = baseline.open.find(({ at }) => at === window);
  if (found) return found;
  const opened: OpenWindow = { at: window, coded: {}, generated: [] };
  baseline.open.push(opened);
  baseline.open.sort((one, other) => one.at - other.at);
  return opened;
}

/** Gives the day a window is in; `undefined` when it is folded. */
export function openDay(baseline: NameBaseline, window: number): CodedNames | undefined {
  const day = Math.floor(window / windowsPerDay);
  const found = baseline.days.find(({ at }) => at === day);
  if (found || (baseline.days[0]?.at ?? day) > day || window <= baseline.folded) return found;
  const opened: CodedNames = { at: day, coded: {} };
  baseline.days.push(opened);
  baseline.days.sort((one, other) => one.at - other.at);
  return opened;
}

/** Moves on to a window: what nothing will be added to any more goes into the sums. */
export function advance(baseline: NameBaseline, window: number): void {
  for (;;) {
    const [oldest, ...others] = baseline.open;
    if (!oldest || (oldest.at > window - openWindows && others.length < maxOpenWindows)) break;
    baseline.open.shift();
    baseline.folded = Math.max(baseline.folded, oldest.at);
    for (const [key, sketch] of Object.entries(oldest.coded)) foldCoded(baseline, { key, at: oldest.at, measure: 'inWindows', weight: weigh(sketch, windowRoom.size).weight });
    if (!isOccasion(baseline, generatedKey, oldest.at)) addSum(baseline.generated, weigh(oldest.generated, windowRoom.size).items);
  }
  const today = Math.floor((window - openWindows) / windowsPerDay);
  while (baseline.days[0] && (baseline.days[0].at < today || baseline.days.length > 2)) {
    const { at, coded } = baseline.days.shift() ?? { at: 0, coded: {} };
    for (const [key, sketch] of Object.entries(coded)) foldCoded(baseline, { key, at: at * windowsPerDay, measure: 'inDays', weight: weigh(sketch, dayRoom.size).weight });
  }
}

/** What a tunnel through a domain, by window or by day, and generated domains are told under. */
export const generatedKey = 'generated-domains';
export const tunnelKey = (measure: 'inWindows' | 'inDays', domainKey: string): string => `${measure === 'inDays' ? 'dns-slow-tunnel' : 'dns-tunnel'}|${domainKey}`;

function foldCoded({ domains, told }: NameBaseline, { key, at, measure, weight }: { key: string; at: number; measure: 'inWindows' | 'inDays'; weight: number }): void {
  const habit = domains[key];
  const first = told[keyOf(tunnelKey(measure, key))];
  // What is being told of is not learned: it would excuse itself.
  if (!habit || (first !== undefined && at - first <= occasionWindows && first - at <= windowsPerDay)) return;
  addSum((habit[measure] ??= { sum: 0, squares: 0, largest: 0 }), unitsOf(weight));
}

function isOccasion({ told }: NameBaseline, key: string, window: number): boolean {
  const first = told[keyOf(key)];
  return first !== undefined && window >= first && window - first <= occasionWindows;
}

function addSum(sums: Sums, count: number): void {
  sums.sum += count;
  sums.squares += count ** 2;
  sums.largest = Math.max(sums.largest, count);
}

/** A name's weight is in fours of characters. */
export const charactersOfWeight = 4;
export const charactersOfUnit = 32;

/** Coded data is counted in units of 32 characters, about 20 bytes. */
export function unitsOf(weight: number): number {
  return Math.round((weight * charactersOfWeight) / charactersOfUnit);
}

/** Gives the sums of so many windows or days as a history. */
export function historyOf(sums: Sums | undefined, windows: number): CountHistory {
  return { windows, sum: sums?.sum ?? 0, squares: sums?.squares ?? 0 };
}

/** Drops what ranks lowest when there is no room for one more; of equals the one with the first key. */
function makeRoom<Kept>(kept: Record<string, Kept>, most: number, rank: (one: Kept) => number): void {
  const all = Object.entries(kept);
  if (all.length < most) return;
  const [least] = all.reduce((lowest, one) => (rank(one[1]) < rank(lowest[1]) || (rank(one[1]) === rank(lowest[1]) && one[0] < lowest[0]) ? one : lowest));
  Reflect.deleteProperty(kept, least);
}
