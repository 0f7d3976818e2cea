import type { ApiRequest } from '../audit/request.ts';
import { activeWindows, addTrait, featureOf, knownValues, traitKey, type Baseline } from '../baseline/baseline.ts';
import { configMapsBreadth } from '../detectors/config-maps-breadth.ts';
import { listingBreadth } from '../detectors/listing-breadth.ts';
import { refusalsBreadth } from '../detectors/refusals-breadth.ts';
import { secretRead } from '../detectors/secret-read.ts';
import { secretsBreadth } from '../detectors/secrets-breadth.ts';
import { slowConfigMaps } from '../detectors/slow-config-maps.ts';
import { slowDiscovery } from '../detectors/slow-discovery.ts';
import { slowTheft } from '../detectors/slow-theft.ts';
import { windowsPerDay } from '../time.ts';
import type { Signal } from './episode.ts';
import { concentrations, habitFeature } from './novelty.ts';
import { habitOf } from './acts.ts';
import { actsForOthers, type Found, type Scoring } from './scoring.ts';
import { countTail, decades, noveltyRate, type CountHistory, type CountPrior } from './surprise.ts';

/** Things that an identity newly does, one by one over a day. */
interface Slow {
  readonly detector: typeof slowConfigMaps | typeof slowDiscovery | typeof slowTheft;
  /** The trait to remember a request's thing by, where nothing else does. */
  readonly remembers?: (request: ApiRequest) => string | undefined;
  /** Whether a request newly does one of these things. */
  readonly isOne: (scoring: Scoring) => boolean;
  /** Gives the thing that a trait is, or `undefined`. */
  readonly thingOf: (trait: string) => string | undefined;
  /** How often there was one. */
  readonly uses: (baseline: Baseline, window: number) => { readonly uses: number; readonly values: number };
  /** What is counted within minutes is not counted again over the day. */
  readonly fasterCounts: readonly string[];
}

const refusedSecrets = traitKey(secretRead.id, 'refused');

const slowly: readonly Slow[] = [
  {
    detector: slowDiscovery,
    isOne: ({ request, baseline, window }) => baseline.traits.get(traitKey(habitFeature, habitOf(request)))?.first === window,
    thingOf: (trait) => (featureOf(trait) === habitFeature ? /^habit\|(?:get|list|watch) (\S+)/.exec(trait)?.[1] : undefined),
    uses: (baseline, window) => ({ uses: activeWindows(baseline, window), values: 0 }),
    fasterCounts: [listingBreadth.id, refusalsBreadth.id],
  },
  {
    detector: slowTheft,
    isOne: ({ request, baseline, window }) => secretRead.detect(request).some(({ value }) => baseline.traits.get(traitKey(secretRead.id, value))?.first === window),
    thingOf: (trait) => (featureOf(trait) === secretRead.id && trait !== refusedSecrets ? trait : undefined),
    uses: (baseline, window) => knownValues(baseline, secretRead.id, window),
    fasterCounts: [secretsBreadth.id],
  },
  {
    detector: slowConfigMaps,
    remembers: configMapKey,
    isOne: ({ request, baseline, window }) => baseline.traits.get(configMapKey(request) ?? '')?.first === window,
    thingOf: (trait) => (featureOf(trait) === slowConfigMaps.id ? trait : undefined),
    uses: (baseline, window) => knownValues(baseline, slowConfigMaps.id, window),
    fasterCounts: [configMapsBreadth.id],
  },
];

/** In how many windows of its first day a workload does something for the first time: a controller looks at all that it works with as it starts, and at a little more as it gets work. */
const ofNewcomers: CountPrior = { mean: 1.5, variance: 3 };
/** Before so many days it is not known how often an identity does something new. */
const leastDays = 3;
/** A new release may need some more things. */
const leastCount = 6;
const leastDecades = 1;

/** Features that say what was read and matter to nobody else. */
export const slowFeatures: ReadonlySet<string> = new Set([slowConfigMaps.id]);

/**
 * Says whether an identity has looked at many more sorts of things, or read many more secrets or config maps, within a
 * day than it newly does in one: what a search or a theft that takes its time leaves. The request must have been learned.
 */
export function considerSlowBreadth(scoring: Scoring): Found {
  const found: Found = { signals: [], learned: false };
  if (actsForOthers(scoring.request)) return found;
  for (const slow of slowly) {
    const key = slow.remembers?.(scoring.request);
    if (key !== undefined && addTrait(scoring.baseline, key, scoring.window)) found.learned = true;
    if (scoring.episode && slow.isOne(scoring)) found.signals.push(...slowSignal(scoring, slow));
  }
  return found;
}

function configMapKey(request: ApiRequest): string | undefined {
  const item = slowConfigMaps.item(request);
  return item === undefined ? undefined : traitKey(slowConfigMaps.id, item);
}

function slowSignal(scoring: Scoring, slow: Slow): Signal[] {
  const { baseline, window } = scoring;
  const days = (window - baseline.active.first) / windowsPerDay - 1;
  const { count, score, why } = days < leastDays ? ofNewcomer(scoring, slow) : ofSettled(scoring, slow, days);
  if (count < leastCount || score < leastDecades) return [];
  const { detector, fasterCounts } = slow;
  return [{ key: detector.id, detector: detector.id, group: 'breadth', decades: score, words: detector.words(count), why, elsewhere: false, window, count, impliedBy: fasterCounts }];
}

interface Judged {
  readonly count: number;
  readonly score: number;
  readonly why: string;
}

/** By how often it is something new for this identity. */
function ofSettled({ baseline, window, maturity }: Scoring, { thingOf, uses: usesOf }: Slow, days: number): Judged {
  const { fresh, known } = thingsOf(baseline, thingOf, window - windowsPerDay);
  const { uses, values } = usesOf(baseline, window - windowsPerDay);
  const windows = uses === 0 ? activeWindows(baseline, window) : uses;
  const mean = (windows / days) * noveltyRate(windows, Math.max(known, values), concentrations[baseline.kind]);
  const tail = countTail(fresh.length, nothingCounted, { mean, variance: mean + 2 * mean ** 2 });
  return { count: fresh.length, score: decades(tail) * maturity, why: `usually ${mean.toFixed(1)} a day that are new to it` };
}

/** All is new to a newcomer. A workload knows from its start what it works with: it does not find out over hours. */
function ofNewcomer({ baseline, window, clusterMaturity }: Scoring, { thingOf }: Slow): Judged {
  const { fresh } = thingsOf(baseline, thingOf, window - windowsPerDay);
  if (baseline.kind !== 'service-account') return { count: 0, score: 0, why: '' };
  const windows = new Set(fresh).size;
  return { count: windows < leastCount ? 0 : fresh.length, score: decades(countTail(windows, nothingCounted, ofNewcomers)) * clusterMaturity, why: `one after the other, in ${String(windows)} spells of ten minutes; a new workload knows what it needs as it starts` };
}

const nothingCounted: CountHistory = { windows: 0, sum: 0, squares: 0 };

/** Tells things apart: gives the windows in which those were first seen that were since a window, and the number of those before. */
function thingsOf({ traits }: Baseline, thingOf: Slow['thingOf'], since: number): { fresh: number[]; known: number } {
  const first = new Map<string, number>();
  for (const [key, { first: window }] of traits) {
    const thing = thingOf(key);
    if (thing !== undefined) first.set(thing, Math.min(first.get(thing) ?? Infinity, window));
  }
  const fresh = [...first.values()].filter((window) => window > since);
  return { fresh, known: first.size - fresh.length };
}
