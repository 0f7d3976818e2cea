import { activeWindows, featureOf, knownValues, traitKey, type Baseline } from '../baseline/baseline.ts';
import { listingBreadth } from '../detectors/listing-breadth.ts';
import { refusalsBreadth } from '../detectors/refusals-breadth.ts';
import { secretRead } from '../detectors/secret-read.ts';
import { secretsBreadth } from '../detectors/secrets-breadth.ts';
import { slowDiscovery } from '../detectors/slow-discovery.ts';
import { slowTheft } from '../detectors/slow-theft.ts';
import { windowsPerDay } from '../time.ts';
import type { Signal } from './episode.ts';
import { concentrations, habitFeature } from './novelty.ts';
import { actsForOthers, type Found, type Scoring } from './scoring.ts';
import { countTail, decades, noveltyRate } from './surprise.ts';

/** Things that an identity newly does, one by one over a day. */
interface Slow {
  readonly detector: typeof slowDiscovery | typeof slowTheft;
  /** Whether a request does one of these things, with the signals of its own act. */
  readonly isOne: (scoring: Scoring, acts: readonly Signal[]) => boolean;
  /** Gives the thing that a trait is, or `undefined`. */
  readonly thingOf: (trait: string) => string | undefined;
  /** How often there was one. */
  readonly uses: (baseline: Baseline, window: number) => { readonly uses: number; readonly values: number };
  /** What is counted within minutes is not counted again over the day. */
  readonly fasterCounts: readonly string[];
}

const slowly: readonly Slow[] = [
  {
    detector: slowDiscovery,
    isOne: (_, acts) => acts.some(({ group }) => group === 'habit'),
    thingOf: (trait) => (featureOf(trait) === habitFeature ? /^habit\|(?:get|list|watch) (\S+)/.exec(trait)?.[1] : undefined),
    uses: (baseline, window) => ({ uses: activeWindows(baseline, window), values: 0 }),
    fasterCounts: [listingBreadth.id, refusalsBreadth.id],
  },
  {
    detector: slowTheft,
    isOne: ({ request, baseline, window }) => secretRead.detect(request).some(({ value }) => baseline.traits.get(traitKey(secretRead.id, value))?.first === window),
    thingOf: (trait) => (featureOf(trait) === secretRead.id && trait.includes('/') ? trait : undefined),
    uses: (baseline, window) => knownValues(baseline, secretRead.id, window),
    fasterCounts: [secretsBreadth.id],
  },
];

/** Before so many days it is not known how often an identity does something new. */
const leastDays = 3;
/** A new release may need some more things. */
const leastCount = 6;
const leastDecades = 1;

/**
 * Says whether an identity has looked at many more sorts of things, or read many more secrets, within a day than it newly
 * does in one: what a search or a theft that takes its time leaves. `acts` are the signals of the request's own act.
 */
export function considerSlowBreadth(scoring: Scoring, acts: readonly Signal[]): Found {
  const signals = slowly.filter(({ isOne }) => isOne(scoring, acts)).flatMap((slow) => slowSignal(scoring, slow) ?? []);
  return { signals, learned: false };
}

function slowSignal({ request, baseline, episode, window, maturity }: Scoring, { detector, thingOf, uses: usesOf, fasterCounts }: Slow): Signal | undefined {
  const days = (window - baseline.active.first) / windowsPerDay - 1;
  if (!episode || days < leastDays || actsForOthers(request)) return undefined;
  const { fresh, known } = thingsOf(baseline, thingOf, window - windowsPerDay);
  if (fresh < leastCount) return undefined;
  const { uses, values } = usesOf(baseline, window - windowsPerDay);
  const windows = uses === 0 ? activeWindows(baseline, window) : uses;
  const mean = (windows / days) * noveltyRate(windows, Math.max(known, values), concentrations[baseline.kind]);
  const tail = countTail(fresh, { windows: 0, sum: 0, squares: 0 }, { mean, variance: mean + 2 * mean ** 2 });
  const score = decades(tail) * maturity;
  if (score < leastDecades) return undefined;
  const why = `usually ${mean.toFixed(1)} a day that are new to it`;
  return { key: detector.id, detector: detector.id, group: 'breadth', decades: score, words: detector.words(fresh), why, elsewhere: false, window, count: fresh, impliedBy: fasterCounts };
}

/** Counts things: those of which the first was seen since a window, and those before. */
function thingsOf({ traits }: Baseline, thingOf: Slow['thingOf'], since: number): { fresh: number; known: number } {
  const first = new Map<string, number>();
  for (const [key, { first: window }] of traits) {
    const thing = thingOf(key);
    if (thing !== undefined) first.set(thing, Math.min(first.get(thing) ?? Infinity, window));
  }
  const fresh = [...first.values()].filter((window) => window > since).length;
  return { fresh, known: first.size - fresh };
}
