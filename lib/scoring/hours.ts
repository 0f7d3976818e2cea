import { hourOf, type Baseline } from '../baseline/baseline.ts';
import { unusualHour } from '../detectors/unusual-hour.ts';
import type { Signal } from './episode.ts';
import type { Found, Scoring } from './scoring.ts';
import { decades } from './surprise.ts';

/** Before so many windows over so many days a person's hours are not known. */
const leastWindows = 20;
const leastDays = 5;
const windowsOfDay = 144;
/** Hours are weak evidence: they count for a third, and no hour is rarer than one in fifty. */
const weight = 0.3;
const rarest = 0.02;
/** At hours that are no rarer than this nobody needs to be told the hour. */
const leastRarity = 0.1;

/** Says whether a person is at work at an hour at which it seldom is. Machines keep no hours, or theirs are acts anyway. */
export function considerHour({ baseline, episode, window }: Scoring): Found {
  const found: Found = { signals: [], learned: false };
  if (!episode || baseline.kind !== 'person' || baseline.windows < leastWindows || window - baseline.active.first < leastDays * windowsOfDay) return found;
  const share = shareOfRarerHours(baseline, window);
  if (share < leastRarity) found.signals.push(signalOf(window, share));
  return found;
}

/** The part of the identity's windows that were at hours as rare as this one or rarer, neighbouring hours smoothed in. */
function shareOfRarerHours({ hours }: Baseline, window: number): number {
  const smooth = hours.map((count, bin) => count / 2 + (neighbour(hours, bin, 1) + neighbour(hours, bin, -1)) / 4);
  const now = smooth[hourOf(window)] ?? 0;
  const total = smooth.reduce((sum, count) => sum + count, 0);
  return smooth.filter((count) => count <= now).reduce((sum, count) => sum + count, 0) / total;
}

/** Weekdays and weekends are a circle of 24 hours each. */
function neighbour(hours: readonly number[], bin: number, step: number): number {
  const circle = bin - (bin % 24);
  return hours[circle + ((bin - circle + step + 24) % 24)] ?? 0;
}

function signalOf(window: number, share: number): Signal {
  const hour = `${String(hourOf(window) % 24).padStart(2, '0')}:00 UTC`;
  const often = `${share < 0.01 ? 'less than 1' : (100 * share).toFixed(0)} % of earlier activity was at hours as rare as this`;
  return { key: unusualHour.id, detector: unusualHour.id, group: 'time', decades: weight * decades(Math.max(rarest, share)), words: `was active at ${hour}`, why: often, elsewhere: false, window };
}
