import { addDistinct, countDistinct, type DistinctSketch } from '../baseline/distinct.ts';
import { addWindow, presenceIn, type Presence } from '../baseline/presence.ts';
import type { CountHistory } from '../scoring/surprise.ts';
import { pastEnd, windowsPerDay } from '../time.ts';

/** A block of addresses outside, or a service of AWS, to which a workload has sent. */
export interface DestinationHistory extends Presence {
  /** Bytes sent to it while it was new. */
  early: number;
}

/** What a workload sent in one window. */
export interface OpenFlows {
  readonly window: number;
  /** Bytes by destination outside, and bytes that these answered with. */
  readonly sent: Record<string, number>;
  readonly answered: Record<string, number>;
  /** Services inside that it asked, and those that it was kept from. */
  readonly asked: DistinctSketch;
  readonly refused: DistinctSketch;
  /** Hashes of the records that are in it, for each is counted once. */
  readonly records: number[];
}

/** How often something was measured, and the most that there was, which is forgotten slowly. */
export interface Most {
  times: number;
  largest: number;
}

/** The most that was sent outside in one window of an hour of the week, and in which window that was. */
export interface HourMost {
  readonly window: number;
  readonly largest: number;
}

/** Decayed sums over past windows. */
export interface FlowCounts {
  sum: number;
  squares: number;
  largest: number;
}

/**
 * What is known of the traffic of one workload. Times are windows; sizes are bytes. What was sent only to acknowledge what was
 * received is counted nowhere.
 */
export interface FlowBaseline {
  /** Windows with any traffic, and those with traffic to the outside. */
  active: Presence | undefined;
  outside: Presence | undefined;
  /** By block or service. */
  readonly destinations: Map<string, DestinationHistory>;
  /** Those that were dropped for want of room, and the most that was early sent to one that came later than the first days. */
  dropped: number;
  largestEarly: number;
  /** Ports of services outside; services inside on ports that lead further, as `ADDRESS:PORT`. */
  readonly ports: Map<string, Presence>;
  readonly services: Map<string, Presence>;
  /** Windows behind the sums, decayed. */
  windows: number;
  readonly asked: FlowCounts;
  readonly refused: FlowCounts;
  /** Sent outside in a window, and in a day. */
  readonly inWindow: Most;
  readonly inDay: Most;
  /** By hour of the week; hours with little or nothing are left out. */
  readonly inHour: Map<number, HourMost>;
  /** What was said of it, by the signal's key: when last, and how surprising it was. */
  readonly raised: Map<string, { window: number; decades: number }>;
  /** The days that are not over, oldest first. */
  readonly days: { readonly day: number; sent: number }[];
  readonly open: OpenFlows[];
  folded: number;
  /** The latest window that it has moved on to. */
  latest: number;
}

/** What one record says, as far as it is learned. */
export interface FlowFact {
  readonly window: number;
  /** Of the record; the same for the same record. */
  readonly hash: number;
  readonly bytes: number;
  /** What it went to outside, a block or a service of AWS; `undefined` when it stayed inside. */
  readonly destination: string | undefined;
  /** The block that the destination was known by while nothing told its service; `undefined` where it is known by that. */
  readonly formerly?: string | undefined;
  /** Whether the bytes are what the destination answered with, instead of what was sent to it. */
  readonly isAnswer?: boolean;
  /** Whom it went to. */
  readonly address: string;
  readonly port: number;
  /** The service inside that was asked, as `ADDRESS:PORT`; `undefined` for answers and what went outside. */
  readonly service: string | undefined;
  /** Whether the service's port is one that leads further: a database's, the API server's, a kubelet's. */
  readonly leadsFurther: boolean;
  readonly accepted: boolean;
}

/** A destination is new for so many windows: who sends slowly is seen within them. */
export const newWindows = 3 * windowsPerDay;
const openWindows = 4;
const halfLife = 14 * windowsPerDay;
const forgottenAfter = 60 * windowsPerDay;
/** TCP acknowledges every second segment of 1,500 bytes with one of 52 to 66: what is received takes so large a part of it to send. */
const partAcknowledging = 0.05;
export const hoursPerWeek = 7 * 24;
const windowsPerHour = windowsPerDay / 24;
/** An hour in which no window had more is not kept. */
const leastInHour = 1_000_000;
const maxDestinations = 200;
const maxOthers = 60;
const maxRecords = 3000;

/** Begins a baseline. */
export function newFlowBaseline(): FlowBaseline {
  const counts = (): FlowCounts => ({ sum: 0, squares: 0, largest: 0 });
  const most = (): Most => ({ times: 0, largest: 0 });
  return {
    active: undefined, outside: undefined, destinations: new Map(), dropped: 0, largestEarly: 0, ports: new Map(), services: new Map(), windows: 0,
    asked: counts(), refused: counts(), inWindow: most(), inDay: most(), inHour: new Map(), raised: new Map(), days: [], open: [], folded: Number.MIN_SAFE_INTEGER, latest: Number.MIN_SAFE_INTEGER,
  };
}

/** Learns what a record says, in place. `false` when it was learned before, or comes too late to be told from one that was. */
export function learnFlow(baseline: FlowBaseline, fact: FlowFact): boolean {
  const open = openOf(baseline, fact.window);
  if (!open || !addRecord(open.records, fact.hash)) return false;
  if (fact.isAnswer === true) {
    // Answers make nothing known: they only say how much of what was sent acknowledges them.
    if (fact.destination !== undefined) addBytes(baseline, open, { ...fact, destination: fact.destination, to: open.answered });
    return true;
  }
  baseline.active = seen(baseline.active, fact.window);
  if (fact.destination !== undefined && fact.accepted) learnSent(baseline, open, { ...fact, destination: fact.destination });
  if (fact.service !== undefined) addDistinct(fact.accepted ? open.asked : open.refused, fact.service);
  if (fact.service !== undefined && fact.leadsFurther && fact.accepted) see(baseline.services, fact.service, fact.window);
  return true;
}

function learnSent(baseline: FlowBaseline, open: OpenFlows, { window, bytes, destination, formerly, port }: FlowFact & { destination: string }): void {
  baseline.outside = seen(baseline.outside, window);
  if (formerly !== undefined) rename(baseline.destinations, formerly, destination);
  const known = baseline.destinations.get(destination);
  if (known) addWindow(known, window);
  else {
    makeRoom(baseline);
    baseline.destinations.set(destination, { ...presenceIn(window), early: 0 });
  }
  see(baseline.ports, String(port), window);
  addBytes(baseline, open, { destination, bytes, to: open.sent });
}

/** Adds what was sent or answered, and what that changes of what counts as sent: the same in every order. */
function addBytes(baseline: FlowBaseline, open: OpenFlows, { destination, bytes, to }: { destination: string; bytes: number; to: Record<string, number> }): void {
  const before = sentTo(open, destination);
  to[destination] = (to[destination] ?? 0) + bytes;
  const change = sentTo(open, destination) - before;
  const history = baseline.destinations.get(destination);
  if (history && open.window - history.first < newWindows) history.early += change;
  if (change !== 0) dayOf(baseline, Math.floor(open.window / windowsPerDay)).sent += change;
}

function sentTo({ sent, answered }: OpenFlows, destination: string): number {
  return Math.max(0, (sent[destination] ?? 0) - Math.round(partAcknowledging * (answered[destination] ?? 0)));
}

/** Gives the bytes that were sent outside in a window, by destination. */
export function sentByDestination(open: OpenFlows): [destination: string, bytes: number][] {
  return Object.keys(open.sent).map((destination) => [destination, sentTo(open, destination)]);
}

/** Gives the bytes that were sent outside in a window. */
export function sentIn(open: OpenFlows): number {
  return sentByDestination(open).reduce((sum, [, bytes]) => sum + bytes, 0);
}

/** A service whose ranges were not given before is not new when its block is known. */
function rename(destinations: Map<string, DestinationHistory>, from: string, to: string): void {
  const history = destinations.get(from);
  if (!history || destinations.has(to)) return;
  destinations.delete(from);
  destinations.set(to, history);
}

function openOf(baseline: FlowBaseline, window: number): OpenFlows | undefined {
  if (window <= baseline.folded) return undefined;
  const found = baseline.open.find((one) => one.window === window);
  if (found) return found;
  const opened = { window, sent: {}, answered: {}, asked: [], refused: [], records: [] };
  baseline.open.push(opened);
  baseline.open.sort((one, other) => one.window - other.window);
  return opened;
}

/** Sorted, so that the same records give the same state; of very many the smallest hashes stay. */
function addRecord(records: number[], hash: number): boolean {
  let low = 0;
  let high = records.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((records[middle] ?? 0) < hash) low = middle + 1;
    else high = middle;
  }
  if (records[low] === hash) return false;
  records.splice(low, 0, hash);
  if (records.length > maxRecords) records.pop();
  return true;
}

function seen(presence: Presence | undefined, window: number): Presence {
  if (!presence) return presenceIn(window);
  addWindow(presence, window);
  return presence;
}

function see(presences: Map<string, Presence>, key: string, window: number): void {
  const known = presences.get(key);
  if (known) addWindow(known, window);
  else {
    if (presences.size >= maxOthers) presences.delete(oldestOf(presences));
    presences.set(key, presenceIn(window));
  }
}

function makeRoom(baseline: FlowBaseline): void {
  if (baseline.destinations.size < maxDestinations) return;
  const oldest = oldestOf(baseline.destinations);
  noteEarly(baseline, baseline.destinations.get(oldest));
  baseline.destinations.delete(oldest);
  baseline.dropped += 1;
}

function oldestOf(presences: ReadonlyMap<string, Presence>): string {
  return [...presences].reduce((least, one) => (one[1].last < least[1].last || (one[1].last === least[1].last && one[0] < least[0]) ? one : least))[0];
}

/** What a workload sends to one of its destinations at first says how much is usual, but for those that it began with. */
function noteEarly(baseline: FlowBaseline, history: DestinationHistory | undefined): void {
  if (history && history.first - (baseline.active?.first ?? history.first) >= newWindows) baseline.largestEarly = Math.max(baseline.largestEarly, history.early);
}

function dayOf(baseline: FlowBaseline, day: number): { sent: number } {
  const found = baseline.days.find((one) => one.day === day);
  if (found) return found;
  const begun = { day, sent: 0 };
  baseline.days.push(begun);
  baseline.days.sort((one, other) => one.day - other.day);
  return begun;
}

/** Moves on to a window: folds what nothing will be added to any more, and forgets what was not seen for two months. */
export function advanceFlows(baseline: FlowBaseline, window: number): void {
  // Nothing gets old within a window.
  if (window <= baseline.latest) return;
  baseline.latest = window;
  for (let oldest = baseline.open[0]; oldest && oldest.window <= window - openWindows; oldest = baseline.open[0]) {
    baseline.open.shift();
    foldWindow(baseline, oldest);
  }
  for (let oldest = baseline.days[0]; oldest && (oldest.day + 1) * windowsPerDay <= window - openWindows; oldest = baseline.days[0]) {
    baseline.days.shift();
    addMost(baseline.inDay, oldest.sent);
  }
  for (const [key, { window: last }] of baseline.raised) if (window - last > newWindows) baseline.raised.delete(key);
  for (const [key, history] of baseline.destinations) {
    if (window - history.last <= forgottenAfter) continue;
    noteEarly(baseline, history);
    baseline.destinations.delete(key);
  }
}

function foldWindow(baseline: FlowBaseline, open: OpenFlows): void {
  const { window, asked, refused } = open;
  const elapsed = baseline.folded === Number.MIN_SAFE_INTEGER ? 0 : window - baseline.folded;
  const decay = 2 ** (-elapsed / halfLife);
  baseline.folded = window;
  baseline.windows = baseline.windows * decay + 1;
  baseline.inWindow.largest *= decay;
  baseline.inDay.largest *= decay;
  addCount(baseline.asked, countDistinct(asked), decay);
  addCount(baseline.refused, countDistinct(refused), decay);
  const total = sentIn(open);
  if (total > 0) addMost(baseline.inWindow, total);
  const hour = hourOfWeek(window);
  if (total >= Math.max(leastInHour, largestInHour(baseline, hour, window))) baseline.inHour.set(hour, { window, largest: total });
}

function addCount(counts: FlowCounts, count: number, decay: number): void {
  counts.sum = counts.sum * decay + count;
  counts.squares = counts.squares * decay + count ** 2;
  counts.largest = Math.max(counts.largest * decay, count);
}

function addMost(most: Most, value: number): void {
  most.times += 1;
  most.largest = Math.max(most.largest, value);
}

/** Gives the hour of the week that a window is in, from 0 on; the week begins on a Thursday, as the epoch did. */
export function hourOfWeek(window: number): number {
  return Math.floor(window / windowsPerHour) % hoursPerWeek;
}

/** Gives the most that was sent outside in a window of an hour of the week, forgotten slowly; 0 where that was little. */
export function largestInHour({ inHour }: FlowBaseline, hour: number, window: number): number {
  const most = inHour.get(hour);
  return most ? most.largest * 2 ** (Math.min(0, most.window - window) / halfLife) : 0;
}

/** Gives a count's history as seen from a window: its sums, and the open windows that are the past by then. */
export function flowHistory(baseline: FlowBaseline, measure: 'asked' | 'refused', window: number): CountHistory & { readonly largest: number } {
  const history = { windows: baseline.windows, ...baseline[measure] };
  for (const open of baseline.open.filter((one) => one.window < pastEnd(window))) {
    const count = countDistinct(open[measure]);
    history.windows += 1;
    history.sum += count;
    history.squares += count ** 2;
    history.largest = Math.max(history.largest, count);
  }
  return history;
}

/** Gives the most that was sent outside in a window, as seen from one, and in how many there was something. */
export function mostBefore(baseline: FlowBaseline, window: number): Most {
  const most = { ...baseline.inWindow };
  for (const open of baseline.open.filter((one) => one.window < pastEnd(window))) addMost(most, sentIn(open));
  return most;
}
