import type { ApiRequest } from '../../../lib/audit/request.ts';
import type { IdentityState } from '../../../lib/baseline/codec.ts';
import type { Episode, Signal } from '../../../lib/scoring/episode.ts';
import { applyRequest } from '../../../lib/scoring/identity-state.ts';
import type { Surroundings } from '../../../lib/scoring/scoring.ts';
import { windowOf } from '../../../lib/time.ts';
import { apiRequest, monday } from '../requests.ts';

export const hour = 3_600_000;
export const day = 24 * hour;

/** Nobody else is in the cluster, which is known for long. */
const alone: Surroundings = { companions: () => [], leadTo: () => undefined, makingOf: () => undefined, goesOn: () => false, clusterSince: () => windowOf(monday) - 10_000 };

let count = 0;

/** A request at a time, so many milliseconds after the Monday on which all lives begin. */
export function requestAt(time: number, given: Partial<ApiRequest> = {}): ApiRequest {
  return apiRequest({ auditId: `life-${String(count++)}`, time: monday + time, ...given });
}

/** Lives through requests and gives the episode that is open at the end, with nothing in it when there is none. */
export function liveThrough(requests: readonly ApiRequest[], surroundings: Partial<Surroundings> = {}): { state: IdentityState; signals: readonly Signal[]; episode: Episode | undefined } {
  const [first, ...others] = requests;
  if (!first) throw new Error('a life without requests');
  const all = { ...alone, ...surroundings };
  let { state } = applyRequest(undefined, first, all, false);
  for (const request of others) ({ state } = applyRequest(state, request, all, false));
  return { state, signals: [...(state.episode?.signals.values() ?? [])], episode: state.episode };
}

/** The same request again and again: every so many milliseconds from a time until another. */
export function routine({ from = 0, until, every = hour }: { from?: number; until: number; every?: number }, given: Partial<ApiRequest> = {}): ApiRequest[] {
  return Array.from({ length: Math.ceil((until - from) / every) }, (_, index) => requestAt(from + index * every, given));
}
