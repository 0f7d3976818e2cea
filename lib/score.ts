import { requestWords, type ApiRequest } from './audit/request.ts';
import {
  activeWindows,
  addTrait,
  countsOf,
  historyOf,
  knownValues,
  noteCredential,
  pastWindows,
  requestsMeasure,
  traitKey,
  type Baseline,
} from './baseline/baseline.ts';
import { addDistinct, countDistinct } from './baseline/distinct.ts';
import { actDetectors, breadthDetectors, originDetectors } from './detectors/catalogue.ts';
import { credentialMoved } from './detectors/credential-moved.ts';
import { newNetwork } from './detectors/new-network.ts';
import type { BreadthDetector } from './detectors/detector.ts';
import type { Evidence } from './finding.ts';
import { addEvidence, addSignal, type Episode, type Signal, type SignalGroup } from './episode.ts';
import { hash32 } from './hash.ts';
import type { IdentityKind } from './identity.ts';
import { companionProbability, countTail, decades, noveltyRate, type Companions } from './surprise.ts';
import { isoTime, windowOf, windowsPerDay } from './time.ts';

/** What scoring needs to know besides the identity's own baseline. */
export interface Surroundings {
  /** Who else in the peer group, then among all of its kind in the cluster, has a trait. */
  companions(trait: string, window: number): readonly Companions[];
  /** The window in which the cluster was first seen. */
  clusterSince(): number | undefined;
}

/** Days after which what was learned counts in full; before, its logarithm counts in proportion. */
const matureDays = 4;
/** Counting is trusted that far for an identity that has only just appeared. */
const leastBreadthMaturity = 0.35;
const knownPlaceTrust = 0.5;
/** A count is no news unless it exceeds the largest of the past by a fifth. */
const beyondLargest = 1.2;
/** Two of something are no mass. */
const leastCount = 3;
/** Less than this is noise. */
const leastDecades = 1;
/** Ordinary things are new every so often. */
const habitPrior = 0.5;
const maxCount = 5000;
/** What is done for others says little of who does it. */
const othersPrior = 0.3;
const maxOthersDecades = 2.5;
/** Something sensitive that is usual, done from where it never was: that much more suspicious. */
const awayActDecades = 1.5;
/** Concentration of novelty by kind: people and pipelines do something new more often than machines. */
const concentrations: Record<IdentityKind, number> = {
  person: 2,
  user: 2,
  role: 2,
  'service-account': 0.5,
  node: 0.5,
  'control-plane': 0.5,
  anonymous: 0.5,
  'failed-authentication': 0.5,
};
const maxRequestWords = 160;
/** From so far off its usual places, whatever is done is evidence. */
const speakingOrigin = 3.5;
/** The feature of ordinary things done. */
export const habitFeature = 'habit';

interface Scoring {
  readonly request: ApiRequest;
  readonly baseline: Baseline;
  readonly episode: Episode | undefined;
  readonly surroundings: Surroundings;
  readonly window: number;
  readonly maturity: number;
  readonly clusterMaturity: number;
  /** How unusual the place and the program of the request are, in decades. */
  readonly awayDecades: number;
}

interface Candidate {
  readonly detector: string;
  readonly group: SignalGroup;
  readonly value: string;
  readonly prior: number;
  readonly words: string;
  readonly impliedBy?: readonly string[] | undefined;
  /** Counts for no more. */
  readonly most?: number;
}

/**
 * Learns one request, in place, and adds what is unusual about it to the episode, with the request as evidence; without
 * an episode it only learns.
 * @returns whether the baseline and whether the episode changed.
 */
export function learn(request: ApiRequest, baseline: Baseline, episode: Episode | undefined, surroundings: Surroundings): { learned: boolean; news: boolean } {
  const scoring = scoringOf(request, baseline, episode, surroundings);
  const origins = considerOrigins(scoring);
  const awayDecades = origins.signals.reduce((sum, signal) => sum + signal.decades, 0);
  const acts = considerActs({ ...scoring, awayDecades });
  const counts = considerCounts(scoring);
  const learned = origins.learned || acts.learned || counts.learned;
  const found = [...origins.signals, ...acts.signals, ...counts.signals];
  if (!episode || found.length === 0) return { learned, news: false };
  const elsewhere = origins.signals.length > 0;
  const speaks = acts.signals.length + counts.signals.length > 0 || awayDecades >= speakingOrigin;
  let news = speaks && addEvidence(episode, evidenceOf(request), request.time);
  for (const signal of found) news = addSignal(episode, { ...signal, elsewhere }) || news;
  return { learned, news };
}

function scoringOf(request: ApiRequest, baseline: Baseline, episode: Episode | undefined, surroundings: Surroundings): Scoring {
  const window = windowOf(request.time);
  const clusterMaturity = maturityOf(surroundings.clusterSince(), window);
  // Whoever fails to authenticate, or does not try, has no history of his own to wait for.
  return { request, baseline, episode, surroundings, window, clusterMaturity, awayDecades: 0, maturity: isNobody(request) ? clusterMaturity : maturityOf(baseline.active.first, window) };
}

function isNobody({ identity }: ApiRequest): boolean {
  return identity.kind === 'failed-authentication' || identity.kind === 'anonymous';
}

function evidenceOf(request: ApiRequest): Evidence {
  return { auditId: request.auditId, time: isoTime(request.time), request: requestWords(request).slice(0, maxRequestWords) };
}

type Found = { signals: Omit<Signal, 'elsewhere'>[]; learned: boolean };

function maturityOf(since: number | undefined, window: number): number {
  return since === undefined ? 0 : Math.min(1, Math.max(0, window - since) / (matureDays * windowsPerDay));
}

/** Nodes and built-in controllers do what somebody else's objects ask for: where they do it says nothing of them. */
function actsForOthers({ identity }: ApiRequest): boolean {
  return identity.kind === 'node' || identity.kind === 'control-plane';
}

function considerActs(scoring: Scoring): Found {
  const { request } = scoring;
  const found: Found = { signals: [], learned: false };
  const forOthers = actsForOthers(request) ? { value: 'anything', prior: othersPrior, most: maxOthersDecades } : {};
  const isDryRun = request.query.has('dryRun');
  for (const detector of isDryRun ? [] : actDetectors) {
    for (const act of detector.detect(request)) consider(scoring, { ...act, ...forOthers, detector: detector.id, group: 'act' }, found);
  }
  if (request.resource !== '') {
    const scope = request.namespace === '' ? '' : ' in a namespace';
    const value = `${request.verb} ${request.resource}${scope}${request.outcome === 'ok' ? '' : ` (${request.outcome})`}`;
    consider(scoring, { detector: habitFeature, group: 'habit', value, prior: habitPrior, words: `did ${value}` }, found);
  }
  return found;
}

function considerOrigins(scoring: Scoring): Found {
  const { request, baseline, window } = scoring;
  const found: Found = { signals: [], learned: false };
  for (const detector of originDetectors) {
    const value = detector.value(request);
    consider(scoring, { detector: detector.id, group: 'origin', value, prior: detector.prior, words: detector.words(value) }, found);
  }
  if (request.credential === '') return found;
  const { from, changed } = noteCredential(baseline, { credential: hash32(request.credential), network: request.network.block, last: window });
  found.learned ||= changed;
  if (from !== undefined && found.signals.some(({ detector }) => detector === 'new-network')) {
    const prior = request.identity.kind === 'person' ? 0.2 : credentialMoved.prior;
    found.signals.push(signalOf(scoring, { detector: credentialMoved.id, group: 'origin', value: from, prior, words: credentialMoved.words(from) }, decades(prior)));
  }
  return found;
}

/** Learns a trait; when it is new to the identity, adds how surprising that is. */
function consider(scoring: Scoring, candidate: Candidate, found: Found): void {
  const { baseline, episode, window } = scoring;
  const key = traitKey(candidate.detector, candidate.value);
  const known = baseline.traits.get(key);
  if (addTrait(baseline, key, window)) found.learned = true;
  const keys = [key, ...(candidate.impliedBy ?? []).map((value) => traitKey(candidate.detector, value))];
  if (!episode) return;
  if (keys.some((one) => pastWindows(baseline, one, window) > 0)) {
    if (candidate.group === 'act' && scoring.awayDecades >= speakingOrigin && known?.quarantined === undefined) found.signals.push({ ...signalOf(scoring, candidate, awayActDecades), why: 'it has done so before, but never from there' });
    return;
  }
  // What was reported before is neither known nor news, and what comes very late is judged by what is known now.
  if (keys.slice(1).some((one) => episode.signals.has(one))) return;
  if (known && !episode.signals.has(key) && (known.quarantined !== undefined || window <= baseline.folded)) return;
  const score = Math.min(noveltyDecades(scoring, candidate, keys), candidate.most ?? Infinity);
  if (score >= leastDecades) found.signals.push(signalOf(scoring, candidate, score));
}

function noveltyDecades({ baseline, surroundings, window, maturity, clusterMaturity }: Scoring, { detector, group, prior }: Candidate, keys: readonly string[]): number {
  const rate = noveltyRate(activeWindows(baseline, window), knownValues(baseline, detector, window), concentrations[baseline.kind]);
  const among = group === 'habit' ? [prior] : keys.map((key) => companionProbability(surroundings.companions(key, window), prior, clusterMaturity));
  return decades(rate ** maturity * Math.max(...among));
}

function signalOf({ baseline, window }: Scoring, { detector, group, value, words }: Candidate, score: number): Omit<Signal, 'elsewhere'> {
  return { key: traitKey(detector, value), detector, group, decades: score, words, why: whyOf(baseline, window), window };
}

function considerCounts(scoring: Scoring): Found {
  const { request, baseline, window } = scoring;
  const found: Found = { signals: [], learned: false };
  const counts = countsOf(baseline, window);
  if (!counts) return found;
  found.learned = addDistinct((counts.sketches[requestsMeasure] ??= []), request.auditId);
  for (const detector of breadthDetectors) {
    const item = actsForOthers(request) && detector.category !== 'mass-discovery' ? undefined : detector.item(request);
    if (item === undefined) continue;
    const sketch = (counts.sketches[detector.id] ??= []);
    if (addDistinct(sketch, item)) found.learned = true;
    const signal = scoring.episode && breadthSignal(scoring, detector, countDistinct(sketch));
    if (signal) found.signals.push(signal);
  }
  return found;
}

function breadthSignal(scoring: Scoring, detector: BreadthDetector, count: number): Omit<Signal, 'elsewhere'> | undefined {
  const { baseline, window } = scoring;
  const history = historyOf(baseline, detector.id, window);
  if (count < leastCount || count <= history.largest * beyondLargest + 1) return undefined;
  const tail = decades(countTail(Math.min(count, maxCount), history, detector.prior));
  const score = tail * breadthTrust(scoring);
  if (score < leastDecades) return undefined;
  const why = history.windows < 1 ? 'nothing is known of it yet' : `usually ${(history.sum / history.windows).toFixed(1)} in ten minutes, at most ${history.largest.toFixed(0)}`;
  return { key: detector.id, detector: detector.id, group: 'breadth', decades: score, words: detector.words(count), why, window };
}

/** How far a count is to be trusted, from 0 to 1. */
function breadthTrust({ request, surroundings, window, maturity, clusterMaturity }: Scoring): number {
  if (!isNobody(request)) return Math.max(leastBreadthMaturity * clusterMaturity, maturity);
  // From where the cluster's own come, a burst of failures is mostly a token that has expired.
  const place = traitKey(newNetwork.id, newNetwork.value(request));
  return surroundings.companions(place, window).some(({ doing }) => doing > 0) ? knownPlaceTrust : 1;
}

function whyOf(baseline: Baseline, window: number): string {
  const days = Math.floor((window - baseline.active.first) / windowsPerDay);
  return `first time in ${String(days)} days and ${String(activeWindows(baseline, window))} active windows`;
}
