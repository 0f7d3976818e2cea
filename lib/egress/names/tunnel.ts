import { countBefore } from '../../baseline/presence.ts';
import { countTail, decades, type CountPrior } from '../../scoring/surprise.ts';
import { pastEnd, windowsPerDay } from '../../time.ts';
import { dnsSlowTunnel, dnsTunnel } from './detectors.ts';
import { beyondLargest, joined, maxCount, maxNewDecades, newWhy, nothing, show, trustOf, type Found, type Looked } from './looked.ts';
import { addCoded, charactersOfUnit, charactersOfWeight, dayRoom, historyOf, openDay, openWindow, tunnelKey, unitsOf, windowRoom, type CodedNames } from './name-baseline.ts';
import { isReadByProvider } from './name-lists.ts';
import { codedCharacters } from './name-shape.ts';
import { weigh } from './weighed-sketch.ts';

/** Before anything is known: units of coded data below one domain, in ten minutes and in a day. */
const priors = { inWindows: { mean: 0.5, variance: 20 }, inDays: { mean: 1, variance: 30 } } as const satisfies Record<string, CountPrior>;
/** Less is no mass: 320 characters in ten minutes, 960 in a day. */
const leastUnits = { inWindows: 10, inDays: 30 } as const;
/** A little of this in a name is no data. */
const leastCoded = 8;
/** Sorts of records by which much comes back; programs seldom ask for them, but for mail. */
const ordinaryTypes = new Set(['A', 'AAAA', 'PTR', 'SRV', 'NS', 'SOA', 'HTTPS', 'SVCB', 'DS', 'DNSKEY', 'CAA', 'NAPTR']);
const dataTypeDecades = 0.5;

/** Data in names. */
export function considerTunnel(looked: Looked): Found {
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

function tunnelIn(looked: Looked, { coded }: CodedNames, measure: 'inWindows' | 'inDays'): Found {
  const { baseline, query, domain, key, setting, isYoung, newDecades } = looked;
  const { items, weight } = weigh(coded[key] ?? [], (measure === 'inDays' ? dayRoom : windowRoom).size);
  const units = unitsOf(weight);
  const habit = baseline.domains[key];
  // What a new domain carried since it came is no habit yet, or a slow tunnel's first day would excuse its second.
  const sums = isYoung ? undefined : habit?.[measure];
  if (units < Math.max(leastUnits[measure], (sums?.largest ?? 0) * beyondLargest)) return { changed: true, signals: [] };
  const windows = habit && !isYoung ? countBefore(habit, pastEnd(setting.window)) : 0;
  const past = measure === 'inDays' && habit ? Math.min(windows, Math.floor((setting.window - habit.first) / windowsPerDay)) : windows;
  const tail = decades(countTail(Math.min(units, maxCount), historyOf(sums, past), priors[measure]));
  const usual = setting.isUsual(domain) ? maxNewDecades : 0;
  const score = tail * trustOf(looked) + newDecades - usual + (ordinaryTypes.has(query.type) ? 0 : dataTypeDecades);
  const detector = measure === 'inDays' ? dnsSlowTunnel.id : dnsTunnel.id;
  const words = `looked up ${String(items)} different names below ${show(domain)} that look like coded data, ${String(Math.round(weight * charactersOfWeight))} characters in ${measure === 'inDays' ? 'a day' : 'ten minutes'}`;
  const why = isYoung ? newWhy : `at most ${String(Math.round((sums?.largest ?? 0) * charactersOfUnit))} characters before`;
  return { changed: true, signals: [{ key: tunnelKey(measure, key), detector, decades: score, words, why }] };
}
