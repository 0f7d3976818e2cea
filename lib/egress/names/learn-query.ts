import { countBefore } from '../../baseline/presence.ts';
import { mediumScore } from '../../scoring/episode.ts';
import { maxDecades } from '../../scoring/surprise.ts';
import { pastEnd, windowsPerDay } from '../../time.ts';
import { registeredDomain } from '../domain.ts';
import type { DnsQuery } from '../query-log.ts';
import { considerAnswers } from './answers.ts';
import { considerBeacon } from './beacon.ts';
import { newName } from './detectors.ts';
import { considerGenerated } from './generated.ts';
import { considerLists } from './known-names.ts';
import { newDecadesOf, newWhy, nothing, show, showName, type Found, type Looked, type NameSignal, type QuerySetting } from './looked.ts';
import { addActiveWindow, addDomain, addTold, advance, keyOf, matureWindows, nameMaturity, type NameBaseline } from './name-baseline.ts';
import { isInsideName } from './name-lists.ts';
import { considerTunnel } from './tunnel.ts';

const leastDecades = 1;
/** What began so long ago is no longer new. */
const youngWindows = 3 * windowsPerDay;

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

/** A domain that nobody looked up before. */
function considerNew({ baseline, query, domain, key, isYoung, newDecades, setting: { window } }: Looked): Found {
  const known = baseline.domains[key];
  if (!isYoung || (known && countBefore(known, pastEnd(window)) > 0)) return nothing;
  return { changed: false, signals: [{ key: `${newName.id}|${key}`, detector: newName.id, decades: newDecades, words: `looked up ${showName(query)}, of the domain ${show(domain)}`, why: newWhy }] };
}
