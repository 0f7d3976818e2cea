import { countDistinct } from '../baseline/distinct.ts';
import { countBefore } from '../baseline/presence.ts';
import type { Signal } from '../scoring/episode.ts';
import { maturityOf } from '../scoring/scoring.ts';
import { companionProbability, countTail, decades, maxDecades, noveltyRate, type CountPrior, type Companions } from '../scoring/surprise.ts';
import { pastEnd, windowsPerDay } from '../time.ts';
import { egressDay, egressDestination, egressPort, egressVolume, insideRefused, insideScan, insideService } from './detectors.ts';
import { bytesText } from './bytes-text.ts';
import { flowHistory, hourOfWeek, hoursPerWeek, largestInHour, mostBefore, newWindows, sentByDestination, sentIn, type DestinationHistory, type FlowBaseline, type FlowFact } from './flow-baseline.ts';

/** Workloads are machines: they seldom take up something new. */
const concentration = 0.5;
const leastDecades = 1;
/** Less than this sent to a new destination is no loss worth a word. */
const leastToNew = 2_000_000;
const leastInWindow = 50_000_000;
const leastInDay = 100_000_000;
/** How many times the most that there was. */
const beyondMost = 3;
/** A new destination counts for at most so much by being new, for less where others of the cluster send there, for more where nothing was ever sent outside. */
const mostOfNew = 3.5;
const mostOfShared = 2.5;
const mostOfFirst = 4.5;
const destinationPrior = 0.3;
const portPrior = 0.3;
const mostOfPort = 1.5;
const servicePrior = 0.05;
const mostOfService = 3;
/** Decades for ten times as much: to a new destination, to one of others, in a window, in a day. */
const perTenfoldNew = 0.75;
const perTenfoldShared = 0.35;
const perTenfoldWindow = 1.5;
const perTenfoldDay = 3;
const mostOfRecord = 3.3;
/** Jobs move: an unusual time alone is recorded and told to nobody. */
const mostOfHour = 3;
const leastDays = 5;
const leastWeeks = 3;
const scanPrior: CountPrior = { mean: 4, variance: 60 };
const refusedPrior: CountPrior = { mean: 0.5, variance: 4 };
const leastScan = 20;
const leastRefused = 5;
/** What pauses no longer than so many windows goes on; what is so much more surprising, in decades, is news. */
const goesOnFor = windowsPerDay / 12;
const more = 1;
/** A record with a smaller part of the day's bytes is no evidence of the day. */
const leastPartOfDay = 0.01;
const leastTrust = 0.35;
const leastTrustOfRefused = 0.7;

/** What else has to be known to score. */
export interface FlowSurroundings {
  /** Which other workloads send to a destination. */
  companions(destination: string, window: number): Companions;
}

/** Says what is unusual about a workload's traffic, with the fact that was learned last. */
export function flowSignals(baseline: FlowBaseline, fact: FlowFact, surroundings: FlowSurroundings): Signal[] {
  const { destination, service } = fact;
  const toNew = destination === undefined ? undefined : newDestination(baseline, { ...fact, destination }, surroundings);
  const outside = destination === undefined ? [] : [toNew, newPort(baseline, fact), ...volumes(baseline, fact), dayVolume(baseline, fact)];
  const inside = service === undefined ? [] : [scan(baseline, fact.window), refusals(baseline, fact.window), newService(baseline, fact, service)];
  const signals = [...outside, ...inside].filter((signal) => signal !== undefined && signal.decades >= leastDecades) as Signal[];
  return signals.filter((signal) => isNews(baseline, signal));
}

/** What goes on is told as long as it goes on; what was told and comes again is told only when it is more. */
function isNews({ raised }: FlowBaseline, { key, decades: score, window }: Signal): boolean {
  const before = raised.get(key);
  if (before && window - before.window > goesOnFor && score < before.decades + more) return false;
  raised.set(key, { window: Math.max(window, before?.window ?? window), decades: Math.max(score, before?.decades ?? 0) });
  return true;
}

function newDestination(baseline: FlowBaseline, { destination, address, window }: FlowFact & { destination: string }, surroundings: FlowSurroundings): Signal | undefined {
  const history = baseline.destinations.get(destination);
  if (!history || window - history.first >= newWindows || history.early < leastToNew) return undefined;
  const maturity = maturityAt(baseline, history.first);
  const companions = surroundings.companions(destination, history.first);
  const rate = noveltyRate(windowsBefore(baseline, history), earlierThan(baseline, history), concentration);
  const novelty = decades(rate ** maturity * companionProbability([companions], destinationPrior, maturity));
  const isFirst = baseline.outside?.first === history.first && baseline.active !== undefined && baseline.active.first < history.first;
  const most = companions.doing > 0 ? mostOfShared : isFirst ? mostOfFirst : mostOfNew;
  const size = (companions.doing > 0 ? perTenfoldShared : perTenfoldNew) * Math.max(0, Math.log10(history.early / Math.max(leastToNew, baseline.largestEarly)));
  const why = isFirst ? `it never sent anything outside in ${daysText(baseline, window)}` : `first time in ${daysText(baseline, window)}`;
  return signalOf(egressDestination.id, destination, { decades: (Math.min(most, novelty) + size) * Math.min(1, maturity * 2), words: `sent ${bytesText(history.early)} to ${address}`, why, window });
}

function newPort(baseline: FlowBaseline, { port, window, bytes }: FlowFact): Signal | undefined {
  const presence = baseline.ports.get(String(port));
  if (!presence || presence.first < pastEnd(window) || bytes < leastToNew / 10) return undefined;
  const rate = noveltyRate(baseline.active ? countBefore(baseline.active, pastEnd(window)) : 0, baseline.ports.size - 1, concentration);
  const score = Math.min(mostOfPort, decades(rate ** maturityAt(baseline, window) * portPrior)) * maturityAt(baseline, window);
  return signalOf(egressPort.id, String(port), { decades: score, words: `used a service outside on port ${String(port)}`, why: `first time in ${daysText(baseline, window)}`, window });
}

/** What was sent in one window, and the signals of new destinations that got most of it. */
interface SentNow {
  readonly window: number;
  readonly total: number;
  readonly toNew: readonly string[];
}

function volumes(baseline: FlowBaseline, { window, bytes }: FlowFact): (Signal | undefined)[] {
  const open = baseline.open.find((one) => one.window === window);
  const total = open ? sentIn(open) : 0;
  if (!open || total < leastInWindow || bytes < leastPartOfDay * total) return [];
  const toNew = sentByDestination(open).filter(([, part]) => part > total / 2).map(([destination]) => keyOf(egressDestination.id, destination));
  const sent: SentNow = { window, total, toNew };
  return [volume(baseline, sent), hourVolume(baseline, sent)];
}

/** A new record among so many windows, and how far beyond the old one. */
function volume(baseline: FlowBaseline, { window, total, toNew }: SentNow): Signal | undefined {
  const { times, largest } = mostBefore(baseline, window);
  if (total < beyondMost * largest) return undefined;
  const score = Math.min(mostOfRecord, Math.log10(times + 1)) + perTenfoldWindow * Math.log10(total / Math.max(leastToNew, largest));
  const why = largest === 0 ? 'it never sent anything outside' : `at most ${bytesText(largest)} in ten minutes before`;
  return { ...signalOf(egressVolume.id, '', { decades: score * maturityAt(baseline, window), words: `sent ${bytesText(total)} outside in ten minutes`, why, window }), impliedBy: toNew };
}

/** As much as it sends at other times, but never at this one: of the day, or of the week once there were some weeks. */
function hourVolume(baseline: FlowBaseline, { window, total, toNew }: SentNow): Signal | undefined {
  const days = Math.floor((window - (baseline.active?.first ?? window)) / windowsPerDay);
  if (days < leastDays) return undefined;
  const found = [
    { times: days, largest: largestAround(baseline, window, 24), period: 'day' },
    ...(days >= leastWeeks * 7 ? [{ times: Math.floor(days / 7), largest: largestAround(baseline, window, hoursPerWeek), period: 'week' }] : []),
  ].flatMap(({ times, largest, period }) => (total < beyondMost * largest ? [] : [{ period, largest, decades: Math.min(mostOfHour, Math.log10(times + 1) + perTenfoldWindow * Math.log10(total / Math.max(leastToNew, largest))) }]));
  const [first] = found.sort((one, other) => other.decades - one.decades);
  if (!first) return undefined;
  const why = `${first.largest < leastToNew ? 'next to nothing' : `at most ${bytesText(first.largest)}`} at this time before, in ${daysText(baseline, window)}`;
  const signal = signalOf(egressVolume.id, 'hour', { decades: first.decades * maturityAt(baseline, window), words: `sent ${bytesText(total)} outside in ten minutes at an unusual time of the ${first.period}`, why, window });
  return { ...signal, impliedBy: [keyOf(egressVolume.id, ''), ...toNew] };
}

/** The most in the same hour, an hour earlier and an hour later, of all days or weeks before. */
function largestAround(baseline: FlowBaseline, window: number, period: number): number {
  const hour = hourOfWeek(window);
  const isNear = (other: number): boolean => [0, 1, period - 1].includes((hour - other + hoursPerWeek) % period);
  const folded = [...baseline.inHour.keys()].filter(isNear).map((other) => largestInHour(baseline, other, window));
  const open = baseline.open.filter((one) => one.window < pastEnd(window) && isNear(hourOfWeek(one.window))).map(sentIn);
  return Math.max(0, ...folded, ...open);
}

function dayVolume(baseline: FlowBaseline, { window, bytes }: FlowFact): Signal | undefined {
  const sent = baseline.days.find(({ day }) => day === Math.floor(window / windowsPerDay))?.sent ?? 0;
  const { times, largest } = baseline.inDay;
  if (times < 3 || sent < leastInDay || sent < beyondMost * largest || bytes < leastPartOfDay * sent) return undefined;
  const score = Math.log10(times + 1) + perTenfoldDay * Math.log10(sent / Math.max(leastToNew, largest));
  const impliedBy = [keyOf(egressVolume.id, ''), ...newOnes(baseline, window).map((destination) => keyOf(egressDestination.id, destination))];
  return { ...signalOf(egressDay.id, '', { decades: score * maturityAt(baseline, window), words: `sent ${bytesText(sent)} outside in a day`, why: `at most ${bytesText(largest)} a day before`, window }), impliedBy };
}

/** What goes to a new destination is said of that. */
function newOnes({ destinations }: FlowBaseline, window: number): string[] {
  return [...destinations].filter(([, { first, early }]) => window - first < newWindows && early >= leastToNew).map(([destination]) => destination);
}

function scan(baseline: FlowBaseline, window: number): Signal | undefined {
  const count = countDistinct(baseline.open.find((open) => open.window === window)?.asked ?? []);
  const history = flowHistory(baseline, 'asked', window);
  if (count < leastScan || count <= history.largest * 1.2 + 1) return undefined;
  const score = decades(countTail(count, history, scanPrior)) * Math.max(leastTrust, maturityAt(baseline, window));
  return { ...signalOf(insideScan.id, '', { decades: score, words: `asked ${String(count)} different services inside`, why: usually(history), window }), count };
}

function refusals(baseline: FlowBaseline, window: number): Signal | undefined {
  const count = countDistinct(baseline.open.find((open) => open.window === window)?.refused ?? []);
  const history = flowHistory(baseline, 'refused', window);
  if (count < leastRefused || count <= history.largest * 1.2 + 1) return undefined;
  const score = decades(countTail(count, history, refusedPrior)) * Math.max(leastTrustOfRefused, maturityAt(baseline, window));
  return { ...signalOf(insideRefused.id, '', { decades: score, words: `was kept from ${String(count)} different services inside by network rules`, why: usually(history), window }), count };
}

function newService(baseline: FlowBaseline, { window, leadsFurther, accepted }: FlowFact, service: string): Signal | undefined {
  const presence = baseline.services.get(service);
  if (!leadsFurther || !accepted || !presence || presence.first < pastEnd(window)) return undefined;
  const maturity = maturityAt(baseline, window);
  const rate = noveltyRate(baseline.active ? countBefore(baseline.active, pastEnd(window)) : 0, baseline.services.size - 1, concentration);
  const score = Math.min(mostOfService, decades(rate ** maturity * servicePrior)) * maturity;
  return signalOf(insideService.id, service, { decades: score, words: `spoke to ${service} inside`, why: `first time in ${daysText(baseline, window)}`, window });
}

function keyOf(detector: string, value: string): string {
  return value === '' ? detector : `${detector}|${value}`;
}

function signalOf(detector: string, value: string, { decades: score, words, why, window }: Pick<Signal, 'decades' | 'words' | 'why' | 'window'>): Signal {
  return { key: keyOf(detector, value), detector, group: 'egress', decades: Math.min(maxDecades, score), words, why, elsewhere: false, window };
}

function maturityAt({ active }: FlowBaseline, window: number): number {
  return maturityOf(active?.first, window);
}

function windowsBefore({ active }: FlowBaseline, { first }: DestinationHistory): number {
  return active ? countBefore(active, pastEnd(first)) : 0;
}

function earlierThan({ destinations, dropped }: FlowBaseline, { first }: DestinationHistory): number {
  return dropped + [...destinations.values()].filter((other) => other.first < pastEnd(first)).length;
}

function daysText({ active }: FlowBaseline, window: number): string {
  const days = Math.floor((window - (active?.first ?? window)) / windowsPerDay);
  return days < 1 ? 'its first day' : days === 1 ? '1 day' : `${String(days)} days`;
}

function usually({ windows, sum, largest }: { windows: number; sum: number; largest: number }): string {
  return windows < 1 ? 'it was never seen before' : `usually ${(sum / windows).toFixed(1)} in ten minutes, at most ${Math.ceil(largest).toFixed(0)}`;
}
