import type { ApiRequest } from '../audit/request.ts';
import { countThing, historyOf, traitKey, type Baseline } from '../baseline/baseline.ts';
import { breadthDetectors } from '../detectors/catalogue.ts';
import type { BreadthDetector } from '../detectors/detector.ts';
import { newNetwork } from '../detectors/new-network.ts';
import type { Signal } from './episode.ts';
import { weightOf } from './new-objects.ts';
import { actsForOthers, isNobody, type Found, type Scoring } from './scoring.ts';
import { historyWords } from './history-words.ts';
import { countTail, decades, type CountHistory } from './surprise.ts';

/** A handful is the least that can be a mass. */
const handful = 5;
/** A count is no news unless it exceeds the largest of the past by a fifth, and by one. */
const beyondLargest = 1.2;
/** Less than this, in decades, is noise. */
const leastDecades = 1;
/** Counting is trusted that far for an identity that has only just appeared in a cluster that is well known. */
const leastTrust = 0.35;
/** And that far, in a cluster of which nothing is known, where nothing honest begins so. */
const leastTrustOfNewcomers = 0.7;
/** From where the cluster's own come, a burst of failures is mostly a token that has expired. */
const knownPlaceTrust = 0.5;
/** More is not more surprising than this, and takes longer to sum up. */
const maxCount = 5000;

/** Counts what a request adds to its window, and says which counts have become unusual. */
export function considerCounts(scoring: Scoring): Found {
  const { request, baseline, episode, window } = scoring;
  const found: Found = { signals: [], learned: false };
  for (const detector of breadthDetectors) {
    const thing = isCounted(request, detector) ? detector.item(request) : undefined;
    const counted = thing === undefined ? undefined : countThing(baseline, detector.id, { window, thing });
    if (counted === undefined) continue;
    found.learned = true;
    const signal = episode ? breadthSignal(scoring, detector, counted) : undefined;
    if (signal) found.signals.push(signal);
  }
  return found;
}

/** What the control plane does in masses others asked for, and so with what nodes do, but for looking about and being refused. */
function isCounted(request: ApiRequest, { category }: BreadthDetector): boolean {
  return request.identity.kind !== 'control-plane' && (!actsForOthers(request) || category === 'mass-discovery');
}

function breadthSignal(scoring: Scoring, detector: BreadthDetector, count: number): Signal | undefined {
  const { baseline, window } = scoring;
  const history = historyOf(baseline, detector.id, window);
  if (count < (detector.least ?? handful) || count <= Math.max(history.largest, history.reported) * beyondLargest + 1) return undefined;
  const score = decades(countTail(Math.min(count, maxCount), history, detector.prior)) * trustOf(scoring, detector) * weightOf(scoring);
  if (score < leastDecades) return undefined;
  return { key: detector.id, detector: detector.id, group: 'breadth', decades: score, words: `${detector.words(count)}${baseline.usual[detector.id]?.length ? ' besides the usual' : ''}`, why: usually(baseline, history, window), elsewhere: false, window, count };
}

/** How far a count is to be trusted, from 0 to 1. */
function trustOf({ request, surroundings, window, maturity, clusterMaturity }: Scoring, { evenOfNewcomers }: BreadthDetector): number {
  if (!isNobody(request)) return evenOfNewcomers === true ? Math.max(leastTrustOfNewcomers, clusterMaturity) : Math.max(leastTrust * clusterMaturity, maturity);
  const place = traitKey(newNetwork.id, newNetwork.value(request));
  return surroundings.companions(place, window).some(({ doing }) => doing > 0) ? knownPlaceTrust : 1;
}

function usually(baseline: Baseline, { windows, sum, largest }: CountHistory & { largest: number }, window: number): string {
  if (windows < 1) return 'never seen before';
  if (largest === 0) return `none before in ${historyWords(baseline, window)}`;
  return `usually ${(sum / windows).toFixed(1)} in ten minutes, at most ${Math.ceil(largest).toFixed(0)}`;
}
