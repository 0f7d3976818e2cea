import { isDryRun } from '../audit/dry-run.ts';
import { objectName } from '../audit/pod-spec.ts';
import { serviceAccountUser } from '../audit/grants.ts';
import { isCreation, type ApiRequest } from '../audit/request.ts';
import { featureOf, isKnown, traitKey, type Baseline } from '../baseline/baseline.ts';
import { countBefore } from '../baseline/window-sample.ts';
import type { Act, OriginDetector } from '../detectors/detector.ts';
import { namespaceDeletion } from '../detectors/namespace-deletion.ts';
import { newAgent } from '../detectors/new-agent.ts';
import { networkPolicyChange } from '../detectors/network-policy-change.ts';
import { newNetwork } from '../detectors/new-network.ts';
import { permissionChange } from '../detectors/permission-change.ts';
import { quotaChange } from '../detectors/quota-change.ts';
import { scheduledJobChange } from '../detectors/scheduled-job-change.ts';
import { secretChange } from '../detectors/secret-change.ts';
import { serviceAccountCreation } from '../detectors/service-account-creation.ts';
import { workloadChange } from '../detectors/workload-change.ts';
import { hourMs, pastEnd } from '../time.ts';
import type { Making, NewObject } from './leads.ts';
import type { Scoring } from './scoring.ts';

/** What whoever makes a namespace fills it with, in plain forms. */
const furnishing: ReadonlySet<string> = new Set([secretChange, serviceAccountCreation, workloadChange, permissionChange, networkPolicyChange, quotaChange, scheduledJobChange].map(({ id }) => id));
/** What a newcomer does whom somebody installed that installs things counts for so much of what it else would. */
const creditOfInstalled = 0.4;
/** So soon after it was made, in milliseconds, is a namespace filled. */
const filledWithinMs = 2 * hourMs;
/** On so many occasions must somebody have made service accounts to be one who installs things. */
const leastInstallations = 2;

/** Gives what came into being by a request of an identity: nothing, mostly. */
export function newObjectOf(request: ApiRequest, baseline: Baseline, window: number): NewObject | undefined {
  const { resource, namespace, outcome } = request;
  if (outcome !== 'ok' || !isCreation(request) || isDryRun(request)) return undefined;
  if (resource === 'namespaces') return { kind: 'namespace', name: objectName(request) };
  if (resource !== 'serviceaccounts' || !isInstaller(baseline, window)) return undefined;
  return { kind: 'installed', name: serviceAccountUser(namespace, objectName(request)) };
}

function isInstaller({ features }: Baseline, window: number): boolean {
  const used = features.get(serviceAccountCreation.id);
  return used !== undefined && countBefore(used, pastEnd(window)) >= leastInstallations;
}

/**
 * Says whether an act is expected because a namespace has just come into being: its maker fills it, and may take down what that
 * replaces, or it again; and controllers do there what they do in each.
 */
export function isExpectedOfNew(scoring: Scoring, feature: string, { grade, value }: Pick<Act, 'grade' | 'value'>): boolean {
  const { request } = scoring;
  if (grade !== undefined) return false;
  if (feature === namespaceDeletion.id) return hasMade(scoring, objectName(request)) || hasMoved(scoring);
  const making = makingOfNamespace(scoring, request.namespace);
  if (!making) return false;
  return making.by === request.identity.id ? furnishing.has(feature) && isFilling(making, request) : doesSoElsewhere(scoring, feature, value);
}

/** Says whether an ordinary thing is done in a namespace by who has just made it. */
export function fillsOwn(scoring: Scoring): boolean {
  const { request } = scoring;
  const making = request.namespace !== '' && request.outcome === 'ok' ? makingOfNamespace(scoring, request.namespace) : undefined;
  return making?.by === request.identity.id && isFilling(making, request);
}

function makingOfNamespace({ request, surroundings }: Scoring, name: string): Making | undefined {
  return surroundings.makingOf({ kind: 'namespace', name }, request.time);
}

function hasMade(scoring: Scoring, namespace: string): boolean {
  return makingOfNamespace(scoring, namespace)?.by === scoring.request.identity.id;
}

function isFilling(making: Making, { time }: ApiRequest): boolean {
  return time - making.time <= filledWithinMs;
}

/**
 * Gives what counts of what a service account does: less at first of one that was installed by who installs things. As it starts it looks
 * at all that it works with, from where it runs and by its own programs; what it reads one by one a controller would have listed, and it
 * has been given the rights it needs.
 */
export function weightOf({ baseline, request, maturity }: Scoring): number {
  if (baseline.installed !== true || request.pod === '' || request.verb === 'get' || request.outcome !== 'ok') return 1;
  const isFromStart = (origin: OriginDetector): boolean => (baseline.traits.get(traitKey(origin.id, origin.value(request)))?.first ?? Infinity) <= baseline.active.first + 1;
  return isFromStart(newAgent) && isFromStart(newNetwork) ? creditOfInstalled + (1 - creditOfInstalled) * maturity : 1;
}

/** Whether it runs workloads in a namespace that it made itself within the day, other than the one it takes down. Whom people were told of gets no credit. */
function hasMoved(scoring: Scoring): boolean {
  if (scoring.episode?.reached.medium !== undefined) return false;
  const ended = objectName(scoring.request);
  return [...scoring.baseline.traits.keys()].some((key) => featureOf(key) === workloadChange.id && lastWord(key) !== ended && hasMade(scoring, lastWord(key)));
}

/** Whether a service account is known for such acts in another namespace; a secret put where nobody has any yet harms nobody. */
function doesSoElsewhere({ request, baseline, window }: Scoring, feature: string, value: string): boolean {
  if (request.identity.kind !== 'service-account' || !furnishing.has(feature) || lastWord(value) !== request.namespace) return false;
  return feature === secretChange.id || [...baseline.traits.keys()].some((key) => featureOf(key) === feature && key.includes(` ${request.resource} `) && isKnown(baseline, key, window));
}

function lastWord(text: string): string {
  return text.slice(text.lastIndexOf(' ') + 1);
}
