import type { ApiRequest } from '../audit/request.ts';
import type { Baseline } from '../baseline/baseline.ts';
import { windowOf, windowsPerDay } from '../time.ts';
import type { Episode, Signal, StoryPart } from './episode.ts';
import type { Follower, Lead, Making, NewObject } from './leads.ts';
import type { Companions } from './surprise.ts';

/** What scoring needs to know besides the identity's own baseline. */
export interface Surroundings {
  /** Who else has a trait: among the nearest first, the whole cluster last. */
  companions(trait: string, window: number): readonly Companions[];
  /** What another identity did that may have led to a request. */
  leadTo(request: Follower): Lead | undefined;
  /** Who made an object within the day before a time. */
  makingOf(object: NewObject, time: number): Making | undefined;
  /** Whether the story that an episode is a part of still goes on. */
  goesOn(story: StoryPart, window: number): boolean;
  /** The window in which the cluster was first seen. */
  clusterSince(): number | undefined;
}

/** One request being scored. */
export interface Scoring {
  readonly request: ApiRequest;
  readonly baseline: Baseline;
  /** Without one, requests are only learned from. */
  readonly episode: Episode | undefined;
  readonly surroundings: Surroundings;
  readonly window: number;
  /** How far what was learned of the identity, and of the cluster, can be trusted: from 0 to 1. */
  readonly maturity: number;
  readonly clusterMaturity: number;
}

/** What was found unusual about a request, and whether anything was learned from it. */
export interface Found {
  readonly signals: Signal[];
  learned: boolean;
}

/** Days after which what was learned counts in full; before, its logarithm counts in proportion. */
const matureDays = 4;

/** Sees a request in its surroundings. */
export function scoringOf(request: ApiRequest, baseline: Baseline, episode: Episode | undefined, surroundings: Surroundings): Scoring {
  const window = windowOf(request.time);
  const clusterMaturity = maturityOf(surroundings.clusterSince(), window);
  const maturity = isNobody(request) ? clusterMaturity : maturityOf(baseline.active.first, window);
  return { request, baseline, episode, surroundings, window, maturity, clusterMaturity };
}

/** Says how far what was learned since a window can be trusted in another: from 0 to 1; 0 when nothing was. */
export function maturityOf(since: number | undefined, window: number): number {
  return since === undefined ? 0 : Math.min(1, Math.max(0, window - since) / (matureDays * windowsPerDay));
}

/** Whoever fails to authenticate, or does not try, has no history of his own to wait for. */
export function isNobody({ identity }: ApiRequest): boolean {
  return identity.kind === 'failed-authentication' || identity.kind === 'anonymous';
}

/** Nodes and built-in controllers do what somebody else's objects ask for: where they do it says nothing of them. */
export function actsForOthers({ identity }: ApiRequest): boolean {
  return identity.kind === 'node' || identity.kind === 'control-plane';
}
