import type { ApiRequest } from '../audit/request.ts';
import { addActivity, advance, featureOf, isKnown, newBaseline, quarantine } from '../baseline/baseline.ts';
import type { IdentityState } from '../baseline/codec.ts';
import { actDetectors, originDetectors } from '../detectors/catalogue.ts';
import { addEvidence, addSignal, isOver, mediumScore, newEpisode, newObservedEpisode, noteGoingOn, noteSeverity, scoreOf, severityOf, type Episode, type EpisodeEvidence, type Signal } from './episode.ts';
import { followedSignal, type Follower } from './leads.ts';
import { learn } from './learn.ts';
import { habitFeature } from './novelty.ts';
import { slowFeatures } from './slow-breadth.ts';
import { progressDecades } from './progress.ts';
import type { Surroundings } from './scoring.ts';
import { pastEnd, windowOf, windowsPerDay } from '../time.ts';

/** Traits that tell the whole cluster where its identities are and what they use; others are told to those alike. */
const clusterFeatures = new Set([...originDetectors, ...actDetectors.filter(({ ofCluster }) => ofCluster)].map(({ id }) => id));

/** Traffic is told of at most so late: SQS keeps a message that waits to be given again for 14 days. */
const latestWindows = 14 * windowsPerDay;

/** What a request did to its identity's state. */
export interface Applied {
  readonly state: IdentityState;
  /** Whether it has to be written. */
  readonly changed: boolean;
  /** What was unusual about the request. */
  readonly signals: readonly Signal[];
}

/** Takes one request into an identity's state, in place. */
export function applyRequest(before: IdentityState | undefined, request: ApiRequest, surroundings: Surroundings, learnOnly: boolean): Applied {
  const window = windowOf(request.time);
  const state = before ?? { baseline: { ...newBaseline(request.identity, window), ...(isInstalled(request, surroundings) ? { installed: true } : {}) }, episode: undefined };
  const { baseline } = state;
  // What an episode reported is left out of the sums also when they are only made after its end.
  const reported = reportedWindows(state.episode);
  const isEnded = hasEnded(state.episode, window, surroundings);
  const isForgotten = isEnded && !awaitsTraffic(state.episode, window);
  if (isForgotten) state.episode = undefined;
  let changed = isForgotten || !before;
  changed = addActivity(baseline, window) || changed;
  changed = advance(baseline, window, (folded) => reported.has(folded)) || changed;
  const episode = learnOnly ? undefined : ((isEnded ? undefined : state.episode) ?? newEpisode(request.time, window));
  const { learned, news, signals } = learn(request, baseline, episode, surroundings);
  changed ||= learned || news;
  if (episode && episode.signals.size > 0) {
    state.episode = episode;
    if (news) judge(state, episode, request.time);
  }
  return { state, changed, signals };
}

function isInstalled({ identity, username, time }: ApiRequest, surroundings: Surroundings): boolean {
  return identity.kind === 'service-account' && surroundings.makingOf({ kind: 'installed', name: username }, time) !== undefined;
}

/** Something unusual that was seen of an identity elsewhere than in the audit log. */
export interface Observation extends Follower {
  /** Sorts what is done by time. */
  readonly order: string;
  readonly auditId: string;
  readonly signals: readonly Signal[];
  readonly evidence: readonly EpisodeEvidence[];
}

/** Takes what was observed into an identity's state, in place. */
export function applyObservation(before: IdentityState | undefined, observation: Observation, surroundings: Surroundings): Applied {
  const { identity, time, signals, evidence } = observation;
  const state = before ?? { baseline: newBaseline(identity, windowOf(time)), episode: undefined };
  // What is observed may come a day late: its episode is that of the time when it happened.
  const window = windowOf(time);
  const isEnded = hasEnded(state.episode, window, surroundings);
  if (isEnded) state.episode = undefined;
  const episode = (state.episode ??= newObservedEpisode(time, window));
  const lead = surroundings.leadTo(observation);
  const followed = lead && followedSignal(lead, { time, knownSince: -Infinity });
  let news = false;
  for (const one of evidence) news = addEvidence(episode, one, Date.parse(one.time)) || news;
  for (const signal of [...signals, ...(followed ? [followed] : [])]) news = addSignal(episode, { ...signal, window }) || news;
  if (news) judge(state, episode, time);
  return { state, changed: news || isEnded || !before, signals };
}

/** Whether an episode is over as seen from a window; a part of a story is over with it. */
function hasEnded(episode: Episode | undefined, window: number, surroundings: Surroundings): boolean {
  if (!episode) return false;
  return episode.story ? !surroundings.goesOn(episode.story, window) : isOver(episode, window);
}

/** Whether an episode that is over is kept, since more of its traffic may be told of late. */
function awaitsTraffic(episode: Episode | undefined, window: number): boolean {
  return episode !== undefined && !episode.story && window - episode.news <= latestWindows && [...episode.signals.values()].some(({ group }) => group === 'egress');
}

/** Notes the severity that an identity's episode has reached at a time; what was reported is not learned as normal. */
export function judge({ baseline }: IdentityState, episode: Episode, time: number): void {
  const score = scoreOf(episode, baseline.kind === 'person');
  // How far an attack got says how grave it is, not whether it is one.
  const severity = severityOf(score >= mediumScore ? score + progressDecades(episode) : score);
  if (severity) noteSeverity(episode, severity, time);
  noteGoingOn(episode, time);
  if (episode.reached.medium === undefined) return;
  for (const { key, window } of episode.signals.values()) {
    // What was usual before stays so, though it was now done from elsewhere.
    if (!isKnown(baseline, key, window)) quarantine(baseline, key, window);
  }
}

function reportedWindows(episode: Episode | undefined): Set<number> {
  if (episode?.reached.medium === undefined) return new Set();
  return new Set([...episode.signals.values()].filter(({ by }) => by === undefined).map(({ window }) => window));
}

/**
 * Gives what an identity has to tell its groups, of which there are `levels`, the last of them the whole cluster: the
 * traits that are the past by now, were not reported and not told yet. To the cluster only where it comes from and
 * what it uses are told. Nothing while the identity itself is new.
 */
export function takeDueTraits({ baseline }: IdentityState, window: number, levels: number): string[][] {
  const end = pastEnd(window);
  if (baseline.active.first >= end) return [];
  const due: string[] = [];
  for (const [key, trait] of baseline.traits) {
    if ((trait.shared ?? Infinity) <= window || trait.quarantined !== undefined || trait.first >= end || featureOf(key) === habitFeature || slowFeatures.has(featureOf(key))) continue;
    trait.shared = window;
    due.push(key);
  }
  const ofCluster = due.filter((key) => clusterFeatures.has(featureOf(key)));
  return Array.from({ length: levels }, (_, index) => (index === levels - 1 ? ofCluster : due));
}
