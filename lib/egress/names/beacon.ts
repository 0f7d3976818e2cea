import { windowMs, windowsPerDay } from '../../time.ts';
import { dnsBeacon } from './detectors.ts';
import { newDecadesOf, newWhy, nothing, show, type Found, type Looked } from './looked.ts';
import { addArrival, type NameBaseline } from './name-baseline.ts';
import { regularityOf } from './regularity.ts';

const leastBeaconWindows = windowsPerDay / 8;
/** EKS's DNS server keeps answers for up to 30 seconds, and so do many programs: what comes so often may be their doing. */
const leastInterval = 45;
const maxRegularDecades = 3;
const clockDecades = 2;
/** Shares of like intervals: below the one they come at random, from the other on they are regular. */
const randomShare = 0.5;
const regularShare = 0.85;
/** A beacon that is not seen in so many of its windows has stopped for a time. */
const steadyShare = 0.75;
const windowSeconds = windowMs / 1000;
const windowsPerHour = windowsPerDay / 24;

/** A new domain that is looked up at regular intervals, for hours. */
export function considerBeacon({ baseline, query, domain, key, isYoung, maturity }: Looked): Found {
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
  const regularity = habit.count < steadyShare * expected ? 0 : Math.min(1, Math.max(0, (regular.share - randomShare) / (regularShare - randomShare)));
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

function intervalText(seconds: number): string {
  return seconds < 100 ? `${String(Math.round(seconds))} seconds` : `${String(Math.round(seconds / 60))} minutes`;
}
