import { activeWindows, featureOf, type Baseline } from '../baseline/baseline.ts';
import { listingBreadth } from '../detectors/listing-breadth.ts';
import { refusalsBreadth } from '../detectors/refusals-breadth.ts';
import { slowDiscovery } from '../detectors/slow-discovery.ts';
import { windowsPerDay } from '../time.ts';
import type { Signal } from './episode.ts';
import { concentrations, habitFeature } from './novelty.ts';
import { actsForOthers, type Found, type Scoring } from './scoring.ts';
import { countTail, decades, noveltyRate } from './surprise.ts';

/** Before so many days it is not known how often an identity looks at something new. */
const leastDays = 3;
/** A new release may look at some more things. */
const leastCount = 6;
const leastDecades = 1;
/** What is counted within minutes is not counted again over the day. */
const fasterCounts = [listingBreadth.id, refusalsBreadth.id];

/**
 * Says whether an identity has looked at many more sorts of things within a day than it newly does in one: what a search
 * that takes its time leaves. `acts` are the signals of the request's own act.
 */
export function considerSlowDiscovery({ request, baseline, episode, window, maturity }: Scoring, acts: readonly Signal[]): Found {
  const found: Found = { signals: [], learned: false };
  const days = (window - baseline.active.first) / windowsPerDay - 1;
  if (!episode || days < leastDays || actsForOthers(request) || !acts.some(({ group }) => group === 'habit')) return found;
  const { fresh, known } = lookedAt(baseline, window - windowsPerDay);
  if (fresh < leastCount) return found;
  const windows = activeWindows(baseline, window);
  const mean = (windows / days) * noveltyRate(windows, known, concentrations[baseline.kind]);
  const tail = countTail(fresh, { windows: 0, sum: 0, squares: 0 }, { mean, variance: mean + 2 * mean ** 2 });
  const score = decades(tail) * maturity;
  if (score < leastDecades) return found;
  const why = `usually ${mean.toFixed(1)} a day that are new to it`;
  found.signals.push({ key: slowDiscovery.id, detector: slowDiscovery.id, group: 'breadth', decades: score, words: slowDiscovery.words(fresh), why, elsewhere: false, window, count: fresh, impliedBy: fasterCounts });
  return found;
}

/** Counts the sorts of things that an identity has read or tried to read: for the first time since a window, and before. */
function lookedAt({ traits }: Baseline, since: number): { fresh: number; known: number } {
  const first = new Map<string, number>();
  for (const [key, { first: window }] of traits) {
    const [, resource] = /^habit\|(?:get|list|watch) (\S+)/.exec(key) ?? [];
    if (resource !== undefined && featureOf(key) === habitFeature) first.set(resource, Math.min(first.get(resource) ?? Infinity, window));
  }
  const fresh = [...first.values()].filter((window) => window > since).length;
  return { fresh, known: first.size - fresh };
}
