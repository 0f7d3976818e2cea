import { activeWindows, addTrait, isKnown, knownValues, traitKey, type Baseline, type Trait } from '../baseline/baseline.ts';
import { isMachine, type IdentityKind } from '../identity.ts';
import { lateWindows, windowsPerDay } from '../time.ts';
import type { Episode, Signal, SignalGroup } from './episode.ts';
import { companyWords, firstTime } from './history-words.ts';
import { weightOf } from './new-objects.ts';
import type { Found, Scoring } from './scoring.ts';
import { companionProbability, decades, noveltyRate, type Companions } from './surprise.ts';

/** A trait that a request shows. */
export interface Candidate {
  /** The detector's id; for ordinary things done, `habitFeature`. */
  readonly detector: string;
  readonly grade?: string;
  readonly group: SignalGroup;
  readonly value: string;
  /** How likely the next new value is this one when nobody in the cluster has it. */
  readonly prior: number;
  readonly words: string;
  readonly impliedBy?: readonly string[] | undefined;
  /** The count that says the same and more. */
  readonly countedBy?: string;
  /** Whether the whole cluster's doing excuses it. */
  readonly ofCluster?: true | undefined;
  /** Decades it counts for at most. */
  readonly most?: number;
}

/** The feature of ordinary things done. */
export const habitFeature = 'habit';

/** A name in them may be as long as an attacker likes. */
const maxWords = 400;
/** Less than this, in decades, is noise. */
const leastDecades = 1;

/** Concentration of the novelty model by kind: people and pipelines do something new more often than machines. */
export const concentrations: Record<IdentityKind, number> = {
  person: 2,
  user: 2,
  role: 2,
  'service-account': 0.5,
  node: 0.5,
  'control-plane': 0.5,
  anonymous: 0.5,
  'failed-authentication': 0.5,
};

/** Acts that are so seldom innocent are grave in any cluster. Machines, which install and repair, are given more credit. */
const gravePrior = 0.004;
const gravePriorOfMachines = 0.001;
/** Decades an act of prior 1 counts for at most; what machines newly do is less often innocent. */
const mostOfVaried = 2;
const mostOfMachines = 3.5;

/**
 * Learns a trait in place; when it is new to the identity, adds how surprising that is.
 * @returns whether the identity was known for it, itself or by what implies it.
 */
export function consider(scoring: Scoring, candidate: Candidate, found: Found): boolean {
  const { baseline, episode, window } = scoring;
  const key = traitKey(featureFor(candidate), candidate.value);
  const implying = keysImplying(candidate);
  const keys = [key, ...implying];
  // What says more stays known by what it implies, which then takes no room of its own.
  const more = implying.find((one) => isKnown(baseline, one, window));
  if (more !== undefined) {
    if (addTrait(baseline, more, window)) found.learned = true;
    return true;
  }
  const before = baseline.traits.get(key);
  const { first: firstBefore = Infinity, last: lastBefore = -Infinity } = before ?? {};
  if (addTrait(baseline, key, window)) found.learned = true;
  // There was no room for it: it is older than all that is known.
  if (!baseline.traits.has(key)) return false;
  if (isKnown(baseline, key, window)) return true;
  if (!episode) return false;
  // What comes very late was judged when it was first seen.
  if (before && (window <= Math.max(baseline.folded, firstBefore - lateWindows) || isOldNews(before, candidate, { episode, key, since: window - lastBefore }))) return false;
  const weight = isGraveOfAnybody(candidate) ? 1 : weightOf(scoring);
  const score = weight * Math.min(actDecades(scoring, candidate, keys), candidate.most ?? mostOf(scoring, candidate));
  const impliedBy = [...implying, ...(candidate.countedBy === undefined ? [] : [candidate.countedBy])];
  if (score >= leastDecades) found.signals.push({ ...signalOf(scoring, candidate, score, whyNew(scoring, candidate, key)), ...(impliedBy.length > 0 ? { impliedBy } : {}) });
  return false;
}

/** Whether an act is grave whoever does it. */
function isGraveOfAnybody({ group, prior }: Candidate): boolean {
  return group === 'act' && prior <= gravePriorOfMachines;
}

/** What was reported before is neither known nor news; what is grave, though, is told of again when it comes back after a day. */
function isOldNews({ quarantined }: Trait, candidate: Candidate, { episode, key, since }: { episode: Episode; key: string; since: number }): boolean {
  if (quarantined === undefined || episode.signals.has(key)) return false;
  return !isGraveOfAnybody(candidate) || since <= windowsPerDay;
}

/** While little is known of a cluster, what is grave in any is judged by a rule: it counts for as much as it ever can. */
function actDecades(scoring: Scoring, candidate: Candidate, keys: readonly string[]): number {
  const { baseline, clusterMaturity } = scoring;
  const model = noveltyDecades(scoring, candidate, keys);
  const isGrave = candidate.group === 'act' && candidate.prior <= (isMachine(baseline.kind) ? gravePriorOfMachines : gravePrior);
  if (!isGrave || model === 0) return model;
  return clusterMaturity * model + (1 - clusterMaturity) * Math.max(model, mostOf(scoring, candidate));
}

/** A grave form of an act is a feature of its own. */
function featureFor({ detector, grade }: Candidate): string {
  return grade === undefined ? detector : `${detector}/${grade}`;
}

/** However new an act is, its nature sets what it counts for at most: a harmless thing never done before is harmless. */
function mostOf({ baseline }: Scoring, { group, prior }: Candidate): number {
  if (group !== 'act') return Infinity;
  return (isMachine(baseline.kind) ? mostOfMachines : mostOfVaried) - 1.5 * Math.log10(prior);
}

/** Says that a trait is new, and who else has it; of habits others are not told. */
function whyNew({ baseline, surroundings, window }: Scoring, { group, ofCluster }: Candidate, key: string): string {
  const company = group === 'habit' ? '' : companyWords(surroundings.companions(key, window), baseline, ofCluster ?? group !== 'act');
  return `${firstTime(baseline, window)}${company === '' ? '' : `; ${company}`}`;
}

/** Gives the keys of what says the same as a candidate and more. */
export function keysImplying(candidate: Candidate): string[] {
  return (candidate.impliedBy ?? []).map((value) => traitKey(featureFor(candidate), value));
}

/** Makes a signal of a candidate. */
export function signalOf({ window }: Scoring, candidate: Candidate, score: number, why: string): Signal {
  const { detector, group, value, words } = candidate;
  return { key: traitKey(featureFor(candidate), value), detector, group, decades: score, words: words.slice(0, maxWords).toWellFormed(), why, elsewhere: false, window };
}

/**
 * The probability of the next new value, being this one: how often the identity has new values at all, times how
 * likely this one is by what its companions do, or else by the prior. docs/model.md derives it.
 */
function noveltyDecades({ baseline, surroundings, window, maturity, clusterMaturity }: Scoring, candidate: Candidate, keys: readonly string[]): number {
  const { group, grade, prior, ofCluster = group !== 'act' } = candidate;
  const { values, uses } = knownValues(baseline, featureFor(candidate), window);
  // Who has the feature at all is judged by how often it is something new; who never had it, and grave forms, by all that it ever did.
  const rate = noveltyRate(values > 0 && grade === undefined ? uses : activeWindows(baseline, window), values, concentrations[baseline.kind]);
  if (group === 'habit') return decades(rate ** maturity * prior);
  const left = prior ** priorShare(baseline, candidate, { values, uses });
  const among = keys.map((key) => {
    const all = surroundings.companions(key, window);
    if (group === 'act' && ofCluster && (all.at(-1)?.doing ?? 0) > 0) return 1;
    const levels = ofCluster ? all : excusing(all.slice(0, -1), baseline);
    // How rare the feature is among others says nothing of who has it himself; they can only excuse him.
    return companionProbability(group === 'act' && values > 0 ? levels.filter(({ doing }) => doing > 0) : levels, left, clusterMaturity);
  });
  const likeliest = Math.max(...among);
  return likeliest === 1 ? 0 : decades(rate ** maturity * likeliest);
}

/**
 * How far it matters what the new value is, as an exponent of the prior: not at all for one who always has something new,
 * which takes some windows to know. For a person one more place for a usual thing is no great news; a grave form of it is
 * no usual thing.
 */
function priorShare(baseline: Baseline, { grade }: Candidate, { values, uses }: { values: number; uses: number }): number {
  if (values === 0) return 1;
  const newness = Math.min(1, values / 2 / (uses + 2));
  return Math.min(1 - newness, !isMachine(baseline.kind) && grade === undefined ? 0.5 : 1);
}

/** One machine may do what another, with another task, must not: a service account's acts are excused by its namesakes alone. */
function excusing(levels: readonly Companions[], { kind }: Baseline): readonly Companions[] {
  if (kind !== 'service-account') return levels;
  return levels.map((level, index) => (index === 0 ? level : { ...level, doing: 0 }));
}
