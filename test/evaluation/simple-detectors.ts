import { isDryRun } from '../../lib/audit/dry-run.ts';
import type { ApiRequest } from '../../lib/audit/request.ts';
import { actDetectors, originDetectors } from '../../lib/detectors/catalogue.ts';
import type { Act } from '../../lib/detectors/detector.ts';
import { actsForOthers } from '../../lib/scoring/scoring.ts';
import { isoTime } from '../../lib/time.ts';
import type { Claim } from './judging.ts';

const day = 86_400_000;

/** Says whether a request is worth an alert; asked of each request in the order of time. */
export type Rule = (request: ApiRequest) => boolean;

/** Tells people of each request that a rule names, once per identity and day; on the cluster's first day of nothing, if it has to learn. */
export function claimsOf(requests: readonly ApiRequest[], rule: Rule, { learnsFirstDay }: { learnsFirstDay: boolean }): Claim[] {
  const watchedFrom = learnsFirstDay ? (requests[0]?.time ?? 0) + day : -Infinity;
  const named = requests.filter((request) => rule(request) && request.time >= watchedFrom);
  const byDay = Map.groupBy(named, ({ identity, time }) => `${identity.id} ${String(Math.floor(time / day))}`);
  return [...byDay.values()].map((some) => ({
    identity: some[0]?.identity.id ?? '',
    severity: 'medium',
    pushedAt: [isoTime(some[0]?.time ?? 0)],
    evidence: some.map(({ auditId }) => ({ auditId })),
  }));
}

/** Fixed rules: whatever a detector of acts finds alerts, if its prior is at most so high. No rule looks at nodes and controllers. */
export function rules(mostPrior: number): Rule {
  return (request) => !actsForOthers(request) && actsOf(request).some(({ prior }) => prior <= mostPrior);
}

/** Whatever an identity does, uses or comes from for the first time. */
export function anyNewValue(): Rule {
  const known = new Set<string>();
  return (request) => {
    const acts = actsOf(request).map(({ detector, grade = '', value }) => `${detector} ${grade} ${value}`);
    const habit = acts.length > 0 ? [] : [`${request.verb} ${request.resource} ${request.outcome}`];
    return addedAny(known, request, [...acts, ...habit, ...originDetectors.map((detector) => `${detector.id} ${detector.value(request)}`)]);
  };
}

/** The first time that an identity does what one of the detectors of acts finds, each detector once. */
export function firstSensitiveAct(): Rule {
  const known = new Set<string>();
  return (request) => addedAny(known, request, actsOf(request).map(({ detector }) => detector));
}

function actsOf(request: ApiRequest): (Act & { detector: string })[] {
  return isDryRun(request) ? [] : actDetectors.flatMap((detector) => detector.detect(request).map((act) => ({ ...act, detector: detector.id })));
}

function addedAny(known: Set<string>, { identity }: ApiRequest, values: readonly string[]): boolean {
  const before = known.size;
  for (const value of values) known.add(`${identity.id}\n${value}`);
  return known.size > before;
}
