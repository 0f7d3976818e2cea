import ipaddr from 'ipaddr.js';
import { countBefore } from '../../baseline/presence.ts';
import { mediumScore } from '../../scoring/episode.ts';
import { countTail, decades, maxDecades, noveltyRate, type CountPrior } from '../../scoring/surprise.ts';
import { cleanLine } from '../../text.ts';
import { pastEnd, windowMs, windowsPerDay } from '../../time.ts';
import { registeredDomain } from '../domain.ts';
import type { DnsQuery } from '../query-log.ts';
import { dnsBeacon, dnsSlowTunnel, dnsTunnel, dynamicName, exfiltrationServiceName, generatedDomains, inwardName, listedName, metadataName, miningPoolName, newName } from './detectors.ts';
import {
  addActiveWindow, addArrival, addCoded, addDomain, addOutside, addTold, addTrait, advance, charactersOfUnit, charactersOfWeight, dayRoom, generatedKey, historyOf, keyOf, matureWindows, nameMaturity,
  openDay, openWindow, tunnelKey, unitsOf, windowRoom, windowsBefore, type CodedNames, type NameBaseline,
} from './name-baseline.ts';
import { isInsideName, isReadByProvider, miningPoolOf, serviceOf, type ServiceKind } from './name-lists.ts';
import { codedCharacters, looksRandom } from './name-shape.ts';
import { regularityOf } from './regularity.ts';
import { addWeighed, weigh } from './weighed-sketch.ts';

/** Something unusual about what an asker looks up. */
export interface NameSignal {
  /** The same for the same thing. */
  readonly key: string;
  /** The detector's id. */
  readonly detector: string;
  /** How surprising, as −log10 of its probability; 7 at most. */
  readonly decades: number;
  /** What was done, to complete "it …". */
  readonly words: string;
  /** Why that is unusual, with numbers. */
  readonly why: string;
  readonly window: number;
  /** The look-up that shows it. */
  readonly evidence: DnsQuery;
}

/** What else is known of a look-up. */
export interface QuerySetting {
  /** The window it is in. */
  readonly window: number;
  /** Whether others in the cluster looked up names of a registered domain before the asker did. */
  readonly isUsual: (domain: string) => boolean;
  /** The entry of a list of known bad domains that the name is, or is below. */
  readonly threat?: string | undefined;
  /** How well the cluster is known, from 0 to 1, if better than the asker. */
  readonly clusterMaturity?: number | undefined;
}

/** Before anything is known: units of coded data below one domain in ten minutes, and in a day; random domains that do not exist in ten minutes. */
const priors = { inWindows: { mean: 0.5, variance: 20 }, inDays: { mean: 1, variance: 30 }, generated: { mean: 0.1, variance: 2 } } as const satisfies Record<string, CountPrior>;
/** Less is no mass: 320 characters in ten minutes, 960 in a day. */
const leastUnits = { inWindows: 10, inDays: 30 } as const;
const leastGenerated = 8;
/** How many times the largest of the past it must be. */
const beyondLargest = 2;
/** More takes longer to sum up and is not more surprising. */
const maxCount = 5000;
/** A little of this in a name is no data. */
const leastCoded = 8;
const leastDecades = 1;
/** Counts speak for so much while nothing is known. */
const leastTrust = 0.4;
/** Sorts of records by which much comes back; programs seldom ask for them, but for mail. */
const ordinaryTypes = new Set(['A', 'AAAA', 'PTR', 'SRV', 'NS', 'SOA', 'HTTPS', 'SVCB', 'DS', 'DNSKEY', 'CAA', 'NAPTR']);
const dataTypeDecades = 0.5;
const maxNewDecades = 1.5;
/** Machines are not inventive; as in `lib/scoring/novelty.ts`. */
const concentration = 0.5;
/** What began so long ago is no longer new. */
const youngWindows = 3 * windowsPerDay;
const leastBeaconWindows = windowsPerDay / 8;
/** EKS's DNS server keeps answers for up to 30 seconds, and so do many programs: what comes so often may be their doing. */
const leastInterval = 45;
const maxRegularDecades = 3;
const clockDecades = 2;
const fixed = { poolServer: 5.5, poolPage: 3, site: 3, listed: 5.5, metadata: 5.5, rebinding: 5, inward: 1.5, dynamic: 3 } as const;
/** How surprising the first use of a service is in a cluster that is well known. */
const serviceDecades: Readonly<Record<ServiceKind, number>> = { 'call-back': 5.5, anonymity: 5, 'anonymity-software': 5, tunnel: 5, drop: 5, paste: 3, dynamic: 3 };
/** These are grave in any cluster, and on no list of sites. */
const alwaysGrave: ReadonlySet<ServiceKind> = new Set(['call-back', 'anonymity']);
const serviceWords: Readonly<Record<ServiceKind, string>> = {
  'call-back': 'a service that tells attackers their code runs',
  anonymity: 'a way into Tor',
  'anonymity-software': 'the makers of Tor, from whom its program comes',
  tunnel: 'a service that leads from the internet into a network',
  drop: 'a service that takes data from anybody',
  paste: 'a page for texts of anybody',
  dynamic: 'a service for names that lead elsewhere within minutes',
};
/** Where AWS gives credentials to instances and pods. */
const credentialAddresses = new Set(['169.254.169.254', 'fd00:ec2::254', '169.254.170.2', '169.254.170.23', 'fd00:ec2::23']);
const privateRanges = new Set(['private', 'uniqueLocal']);
const maxShown = 100;
/** So many new domains in twenty minutes are no list yet. */
const fewNew = 4;
const maxAmong = 2;
/** Above this it is a list: what is on it is not known for that, and is judged anew when it comes back. */
const leastAside = 0.5;
const windowSeconds = windowMs / 1000;
const windowsPerHour = windowsPerDay / 24;
/** A beacon that is not seen in so many of its windows has stopped for a time. */
const steadyShare = 0.75;

interface Looked {
  readonly baseline: NameBaseline;
  readonly query: DnsQuery;
  readonly domain: string;
  /** What the domain is kept by. */
  readonly key: string;
  readonly setting: QuerySetting;
  /** From 0 to 1. */
  readonly maturity: number;
  /** Whether nobody in the cluster looked the domain up until three days ago. */
  readonly isYoung: boolean;
  /** How surprising it is that the asker looks up a domain that is new. */
  readonly newDecades: number;
}

/** What one look at a query found, and whether the baseline changed. */
interface Found {
  readonly changed: boolean;
  readonly signals: readonly Omit<NameSignal, 'window' | 'evidence'>[];
}
const nothing: Found = { changed: false, signals: [] };

/**
 * Learns a look-up and says what is unusual about it, as seen from what was known before. The same look-up again changes
 * nothing and says nothing.
 */
export function learnQuery(baseline: NameBaseline, query: DnsQuery, setting: QuerySetting): { changed: boolean; signals: NameSignal[] } {
  const { window } = setting;
  advance(baseline, window);
  const isActive = addActiveWindow(baseline, window);
  const domain = isInsideName(query.name) ? undefined : registeredDomain(query.name);
  if (domain === undefined) return { changed: isActive, signals: [] };
  const looked = lookAt(baseline, query, { domain, setting });
  const doesExist = query.responseCode !== 'NXDOMAIN';
  const isFirst = doesExist && addDomain(baseline, looked.key, window);
  const found = [considerLists(looked), considerAnswers(looked), considerTunnel(looked), considerGenerated(looked), ...(doesExist ? [considerBeacon(looked), considerNew(looked)] : [])];
  const signals = found.flatMap((one) => one.signals).filter((signal) => signal.decades >= leastDecades);
  let changed = isActive || isFirst || found.some((one) => one.changed);
  if (!changed) return { changed, signals: [] };
  const said = signals.filter(({ key, decades }) => {
    if (decades < mediumScore) return true;
    const told = addTold(baseline, keyOf(key), window);
    changed ||= told.changed;
    return told.said;
  });
  return { changed, signals: said.map((signal) => ({ ...signal, decades: Math.min(maxDecades, signal.decades), window, evidence: query })) };
}

/** Learns of a look-up only that its domain is known: all that a cluster's baseline needs. `true` when that changed anything. */
export function learnDomain(baseline: NameBaseline, query: DnsQuery, window: number): boolean {
  const isActive = addActiveWindow(baseline, window);
  const domain = isInsideName(query.name) || query.responseCode === 'NXDOMAIN' ? undefined : registeredDomain(query.name);
  return (domain !== undefined && addDomain(baseline, keyOf(domain), window)) || isActive;
}

function lookAt(baseline: NameBaseline, query: DnsQuery, { domain, setting }: { domain: string; setting: QuerySetting }): Looked {
  const { window, isUsual, clusterMaturity = 0 } = setting;
  const key = keyOf(domain);
  const first = Math.min(baseline.domains[key]?.first ?? window, window);
  const maturity = Math.max(nameMaturity(baseline, window), clusterMaturity);
  // What was there when learning began is not new.
  const isOfBeginning = maturity * matureWindows - (window - first) < windowsPerDay;
  const isYoung = window - first <= youngWindows && !isOfBeginning && !isUsual(domain);
  return { baseline, query, domain, key, setting, maturity, isYoung, newDecades: isYoung ? newDecadesOf(baseline, window, Object.keys(baseline.domains).length + baseline.dropped) * maturity : 0 };
}

/** How surprising one more domain is to an asker who knows so many. */
function newDecadesOf(baseline: NameBaseline, window: number, domains: number): number {
  return Math.min(maxNewDecades, -Math.log10(noveltyRate(windowsBefore(baseline, window), domains, concentration)));
}

/** Names that are known beforehand, for bad or for doubtful. */
function considerLists({ baseline, query, setting, maturity, domain }: Looked): Found {
  const { window, threat, isUsual } = setting;
  const found: { id: string; of: string; decades: number; words: string; why: string; isAside?: boolean }[] = [];
  const pool = miningPoolOf(query.name);
  const service = serviceOf(query.name);
  const shown = showName(query);
  // Who goes through a list of names comes upon these too: of n new names it is n times as likely that one is among them.
  const among = pool || service ? Math.min(maxAmong, Math.max(0, Math.log10(newDomains(baseline, window) / fewNew))) : 0;
  const isAside = among > leastAside;
  if (threat !== undefined) found.push({ id: listedName.id, of: threat, decades: fixed.listed, words: `looked up ${shown}, which is on a list of known bad domains`, why: `the list has ${show(threat)}` });
  if (pool) found.push({ id: miningPoolName.id, of: `${pool.pool}${pool.isServer ? '' : '|page'}`, decades: (pool.isServer ? fixed.poolServer : fixed.poolPage) - among, words: `looked up ${shown}, ${pool.isServer ? 'a server' : 'a page'} of a mining pool`, why: 'never before', isAside });
  if (service) {
    const { kind, isSite } = service;
    const trust = isUsual(domain) ? 0 : alwaysGrave.has(kind) ? 1 : maturity;
    const decades = (isSite ? fixed.site : serviceDecades[kind]) * trust - (alwaysGrave.has(kind) ? 0 : among);
    found.push({ id: kind === 'dynamic' ? dynamicName.id : exfiltrationServiceName.id, of: `${service.service}${isSite ? '|site' : ''}`, decades, words: `looked up ${shown}, of ${serviceWords[kind]}`, why: 'never before', isAside });
  }
  return joined(found.map(({ id, of, isAside = false, ...told }) => {
    const signal = { key: `${id}|${of}`, detector: id, ...told };
    return isAside && !baseline.traits[keyOf(signal.key)] ? { changed: false, signals: [signal] } : once(baseline, signal, window);
  }));
}

/** Counts the domains that were looked up for the first time in this window or the one before. */
function newDomains({ domains }: NameBaseline, window: number): number {
  return Math.max(1, Object.values(domains).filter(({ first }) => Math.abs(window - first) <= 1).length);
}

/** A trait that is known is no evidence. */
function once(baseline: NameBaseline, signal: Found['signals'][number], window: number): Found {
  const { isNew, changed } = addTrait(baseline, keyOf(signal.key), window);
  return { changed, signals: isNew ? [signal] : [] };
}

/** Answers that lead inside. */
function considerAnswers({ baseline, query, setting: { window }, domain, isYoung, newDecades }: Looked): Found {
  const addresses = query.answers.filter((answer) => ipaddr.isValid(answer));
  if (addresses.length === 0 || isReadByProvider(query.name)) return nothing;
  const name = keyOf(query.name);
  const credential = addresses.find((address) => credentialAddresses.has(address));
  if (credential !== undefined) {
    return once(baseline, { key: `${metadataName.id}|${domain}`, detector: metadataName.id, decades: fixed.metadata, words: `looked up ${showName(query)}, which leads to ${credential}`, why: 'there AWS gives credentials; no name outside should lead to it' }, window);
  }
  const inward = addresses.find((address) => privateRanges.has(ipaddr.parse(address).range()));
  if (inward === undefined) return { changed: isYoung && addOutside(baseline, name, window), signals: [] };
  if (!isYoung) return nothing;
  const ledOutside = baseline.outside[name] !== undefined && window - baseline.outside[name] < windowsPerDay;
  const words = `looked up ${showName(query)}, a name outside that leads to the address ${inward} inside`;
  return ledOutside
    ? once(baseline, { key: `${inwardName.id}|${domain}|turned`, detector: inwardName.id, decades: fixed.rebinding, words, why: 'the same name led outside a moment before; the domain is new to the cluster' }, window)
    : once(baseline, { key: `${inwardName.id}|${domain}`, detector: inwardName.id, decades: Math.min(fixed.inward, newDecades), words, why: newWhy }, window);
}

const newWhy = 'nobody in the cluster had looked the domain up before';

/** Data in names. */
function considerTunnel(looked: Looked): Found {
  const { baseline, query, domain, key, setting: { window } } = looked;
  const labels = query.name.slice(0, -domain.length - 1);
  const characters = codedCharacters(labels);
  if (characters < leastCoded || isReadByProvider(query.name)) return nothing;
  const weight = Math.ceil(characters / charactersOfWeight);
  const inWindow = openWindow(baseline, window);
  const inDay = openDay(baseline, window);
  return joined([
    ...(inWindow && addCoded(inWindow, key, { name: query.name, weight, room: windowRoom }) ? [tunnelIn(looked, inWindow, 'inWindows')] : []),
    ...(inDay && addCoded(inDay, key, { name: query.name, weight, room: dayRoom }) ? [tunnelIn(looked, inDay, 'inDays')] : []),
  ]);
}

function tunnelIn({ baseline, query, domain, key, setting, maturity, isYoung, newDecades }: Looked, { coded }: CodedNames, measure: 'inWindows' | 'inDays'): Found {
  const { items, weight } = weigh(coded[key] ?? [], (measure === 'inDays' ? dayRoom : windowRoom).size);
  const units = unitsOf(weight);
  const habit = baseline.domains[key];
  // What a new domain carried since it came is no habit yet, or a slow tunnel's first day would excuse its second.
  const sums = isYoung ? undefined : habit?.[measure];
  if (units < Math.max(leastUnits[measure], (sums?.largest ?? 0) * beyondLargest)) return { changed: true, signals: [] };
  const windows = habit && !isYoung ? countBefore(habit, pastEnd(setting.window)) : 0;
  const past = measure === 'inDays' && habit ? Math.min(windows, Math.floor((setting.window - habit.first) / windowsPerDay)) : windows;
  const tail = decades(countTail(Math.min(units, maxCount), historyOf(sums, past), priors[measure]));
  const trust = leastTrust + (1 - leastTrust) * maturity;
  const usual = setting.isUsual(domain) ? maxNewDecades : 0;
  const score = tail * trust + newDecades - usual + (ordinaryTypes.has(query.type) ? 0 : dataTypeDecades);
  const detector = measure === 'inDays' ? dnsSlowTunnel.id : dnsTunnel.id;
  const words = `looked up ${String(items)} different names below ${show(domain)} that look like coded data, ${String(Math.round(weight * charactersOfWeight))} characters in ${measure === 'inDays' ? 'a day' : 'ten minutes'}`;
  const why = isYoung ? newWhy : `at most ${String(Math.round((sums?.largest ?? 0) * charactersOfUnit))} characters before`;
  return { changed: true, signals: [{ key: tunnelKey(measure, key), detector, decades: score, words, why }] };
}

/** Domains that do not exist and are no words. */
function considerGenerated({ baseline, query, key, domain, setting: { window, isUsual }, maturity }: Looked): Found {
  const [label = ''] = domain.split('.');
  if (query.responseCode !== 'NXDOMAIN' || !looksRandom(label) || baseline.domains[key] !== undefined || isUsual(domain)) return nothing;
  const open = openWindow(baseline, window);
  if (!open || !addWeighed(open.generated, domain, { weight: 1, size: windowRoom.size })) return nothing;
  const { items } = weigh(open.generated, windowRoom.size);
  const { largest } = baseline.generated;
  if (items < Math.max(leastGenerated, largest * beyondLargest)) return { changed: true, signals: [] };
  const tail = decades(countTail(Math.min(items, maxCount), historyOf(baseline.generated, windowsBefore(baseline, window)), priors.generated));
  const signal = { key: generatedKey, detector: generatedDomains.id, decades: tail * (leastTrust + (1 - leastTrust) * maturity), words: `looked up ${String(items)} domains in ten minutes that do not exist and look random, ${show(domain)} among them`, why: largest === 0 ? 'never before' : `at most ${largest.toFixed(0)} before` };
  return { changed: true, signals: [signal] };
}

/** A new domain that is looked up at regular intervals, for hours. */
function considerBeacon({ baseline, query, domain, key, isYoung, maturity }: Looked): Found {
  if (!isYoung) {
    const changed = baseline.arrivals[key] !== undefined;
    Reflect.deleteProperty(baseline.arrivals, key);
    return { changed, signals: [] };
  }
  const seconds = Math.floor(query.time / 1000);
  if (!addArrival(baseline, key, seconds)) return nothing;
  const habit = baseline.domains[key];
  const regular = regularityOf(baseline.arrivals[key] ?? []);
  const span = habit ? habit.last - habit.first : 0;
  if (!habit || !regular || regular.interval < leastInterval || span < leastBeaconWindows) return { changed: true, signals: [] };
  const expected = (span + 1) * Math.min(1, windowSeconds / regular.interval);
  const regularity = habit.count < steadyShare * expected ? 0 : Math.min(1, Math.max(0, (regular.share - 0.5) / 0.35));
  if (regularity === 0) return { changed: true, signals: [] };
  const longer = Math.min(1, Math.log2(span / leastBeaconWindows) / 3);
  const score = (regularity * (maxRegularDecades + longer) + lastingDecades(baseline, habit.last)) * maturity - (regular.isOnTheClock ? clockDecades : 0);
  const words = `has looked up ${show(domain)} about every ${intervalText(regular.interval)} for ${String(Math.round(span / windowsPerHour))} hours`;
  return { changed: true, signals: [{ key: `${dnsBeacon.id}|${key}`, detector: dnsBeacon.id, decades: score, words, why: newWhy }] };
}

/** How surprising it is that a domain comes to stay. */
function lastingDecades(baseline: NameBaseline, window: number): number {
  const lasting = Object.values(baseline.domains).filter(({ first, last }) => last - first >= leastBeaconWindows).length;
  return newDecadesOf(baseline, window, lasting);
}

/** A domain that nobody looked up before. */
function considerNew({ baseline, query, domain, key, isYoung, newDecades, setting: { window } }: Looked): Found {
  const known = baseline.domains[key];
  if (!isYoung || (known && countBefore(known, pastEnd(window)) > 0)) return nothing;
  return { changed: false, signals: [{ key: `${newName.id}|${key}`, detector: newName.id, decades: newDecades, words: `looked up ${showName(query)}, of the domain ${show(domain)}`, why: newWhy }] };
}

function joined(found: readonly Found[]): Found {
  return { changed: found.some(({ changed }) => changed), signals: found.flatMap(({ signals }) => signals) };
}

function showName({ name, blocked }: DnsQuery): string {
  return `${show(name)}${blocked ? ' (kept back by the DNS firewall)' : ''}`;
}

/** A name is whatever the asker wrote. */
function show(name: string): string {
  return cleanLine(name.slice(0, maxShown)).toWellFormed();
}

function intervalText(seconds: number): string {
  return seconds < 100 ? `${String(Math.round(seconds))} seconds` : `${String(Math.round(seconds / 60))} minutes`;
}
