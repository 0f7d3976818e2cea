import { boundUsers, mappedRoles, serviceAccountUser } from '../audit/grants.ts';
import { objectName, podSpecOf } from '../audit/pod-spec.ts';
import type { ApiRequest } from '../audit/request.ts';
import { lead as leadCircumstance } from '../detectors/lead.ts';
import { newNetwork } from '../detectors/new-network.ts';
import { hash53 } from '../hash.ts';
import { shortName } from '../identity.ts';
import { dayMs, minuteMs, windowOf, windowsPerDay } from '../time.ts';
import { gravest, type Episode, type Signal, type StoryPart } from './episode.ts';

/** How one identity's act can lead to another's. */
export type LeadKind = 'issued' | 'token' | 'rights' | 'mapping' | 'creation' | 'workload' | 'command' | 'address' | 'credential';

/** Where an unusual act may have led to: whoever it names and acts unusually soon after is part of the same story. */
export interface Lead {
  readonly kind: LeadKind;
  /** Who left it. */
  readonly by: string;
  /** The episode that the story is told in. */
  readonly story: StoryPart;
  /** When it was left, in milliseconds since the epoch. */
  readonly time: number;
}

/** An object that came into being: a namespace, or the user name of a service account made by one who installs things. */
export interface NewObject {
  readonly kind: 'namespace' | 'installed';
  readonly name: string;
}

/** That somebody made something. */
export interface Making {
  readonly by: string;
  /** In milliseconds since the epoch. */
  readonly time: number;
}

/** Leads of one cluster by what they name: an identity, a pod, an address, a credential. */
export type Leads = Map<string, Lead>;

/** A lead is cold after a day: EKS's tokens last no longer, and what comes later speaks for itself. */
const coldAfterMs = dayMs;
const maxLeads = 200;
/** What is less surprising, in decades, leaves no lead. */
const leastDecades = 2;

/** Decades that a lead adds to what is unusual by itself, by how directly the one leads to the other. */
const decadesOf: Record<LeadKind, number> = { issued: 3, token: 2, command: 2, credential: 2, mapping: 2, rights: 1.5, workload: 1.5, address: 1.5, creation: 0 };

/** Says a lead in words that complete "it …". */
const wordsOf: Record<LeadKind, (by: string) => string> = {
  issued: (by) => `used the token that ${by} had asked for`,
  token: (by) => `acted after ${by} had asked for a token of it`,
  rights: (by) => `acted after ${by} had given it rights`,
  mapping: (by) => `acted after ${by} had given its AWS role rights in the cluster`,
  creation: (by) => `acted after ${by} had created it`,
  workload: (by) => `acted after ${by} had changed a workload that runs as it`,
  command: (by) => `acted from a pod in which ${by} had run a command`,
  address: (by) => `came from the same address as ${by}`,
  credential: (by) => `used the same credential as ${by}`,
};

/** Adds a lead. The first one stays while it is warm. `true` when that changed anything. */
export function addLead(leads: Leads, target: string, lead: Lead): boolean {
  const known = leads.get(target);
  if (known && lead.time - known.time <= coldAfterMs) return false;
  if (!known && leads.size >= maxLeads) dropOldest(leads);
  leads.set(target, lead);
  return true;
}

function dropOldest(leads: Leads): void {
  const [oldest] = [...leads].reduce((least, one) => (one[1].time < least[1].time ? one : least));
  leads.delete(oldest);
}

/** Gives who made an object and when, as long as that is no more than a day before a time. */
export function makingOf(leads: Leads, object: NewObject, time: number): Making | undefined {
  const made = leads.get(objectTarget(object));
  return made && isWarm(made, time) ? made : undefined;
}

/** Whether what was left before a time still leads anywhere. */
function isWarm({ time: left }: Lead, time: number): boolean {
  return left < time && time - left <= coldAfterMs;
}

/** Who may have been led to what he does: by what he is known, and the pods that it may have come from. */
export interface Follower extends Pick<ApiRequest, 'identity' | 'username' | 'awsRole' | 'credential' | 'address' | 'time'> {
  readonly pod: string | readonly string[];
}

/** Gives the lead to what another identity does, the most direct one; `undefined` when there is none. */
export function leadTo(leads: Leads, request: Follower): Lead | undefined {
  if (leads.size === 0) return undefined;
  const targets = [userTarget(request.username), ...[request.pod].flat().map(podTarget), roleTarget(request.awsRole), credentialTarget(request.credential), addressTarget(request)];
  const warm = targets.map((target) => leads.get(target)).filter((lead) => lead !== undefined && isFollowed(lead, request)) as Lead[];
  return warm.length === 0 ? undefined : warm.reduce((best, one) => (decadesOf[one.kind] > decadesOf[best.kind] ? one : best));
}

function isFollowed(lead: Lead, { identity, time }: Follower): boolean {
  return lead.by !== identity.id && lead.story.identity !== identity.id && isWarm(lead, time);
}

/** Gives what a request leads to, by what was unusual about it and the episode that this belongs to. */
export function leadsOf(request: ApiRequest, signals: readonly Signal[], episode: Episode): { kind: LeadKind; target: string }[] {
  const isUnusual = signals.some(({ group, decades }) => group === 'act' && decades >= leastDecades);
  const isElsewhere = signals.some(({ detector }) => detector === newNetwork.id);
  // People share addresses and machines: only what is worth recording leads on from there.
  const origins = gravest(episode) === undefined ? [] : originLeads(request, isUnusual, isElsewhere);
  return [...(isUnusual && request.outcome === 'ok' ? actLeads(request) : []), ...origins];
}

function actLeads(request: ApiRequest): { kind: LeadKind; target: string }[] {
  const { verb, resource, namespace, name, issuedCredential } = request;
  const account = (of: string): string => userTarget(serviceAccountUser(namespace, of));
  if (resource === 'serviceaccounts/token') return [{ kind: 'token', target: account(name) }, ...(issuedCredential === '' ? [] : [{ kind: 'issued' as const, target: credentialTarget(issuedCredential) }])];
  if (/^pods\/(exec|attach|ephemeralcontainers)$/.test(resource)) return [{ kind: 'command', target: podTarget(`${namespace}/${name}`) }];
  if (verb === 'create' && resource === 'serviceaccounts') return [{ kind: 'creation', target: account(objectName(request)) }];
  const spec = podSpecOf(request);
  if (spec) return [{ kind: 'workload', target: account(spec.serviceAccountName ?? 'default') }];
  const mapped = mappedRoles(request).map((role) => ({ kind: 'mapping' as const, target: roleTarget(role) }));
  return [...mapped, ...boundUsers(request).map((user) => ({ kind: 'rights' as const, target: userTarget(user) }))];
}

/** Where it came from, if it never came from there; and with what, if what it did is unusual. */
function originLeads(request: ApiRequest, isUnusual: boolean, isElsewhere: boolean): { kind: LeadKind; target: string }[] {
  return [
    ...(isElsewhere && request.address !== '' ? [{ kind: 'address' as const, target: addressTarget(request) }] : []),
    ...(isUnusual && request.credential !== '' ? [{ kind: 'credential' as const, target: credentialTarget(request.credential) }] : []),
  ];
}

const userTarget = (username: string): string => targetOf('user', username);
const podTarget = (pod: string): string => targetOf('pod', pod);
const roleTarget = (role: string): string => targetOf('role', role);
const addressTarget = ({ address }: Pick<ApiRequest, 'address'>): string => targetOf('address', address);
const credentialTarget = (credential: string): string => targetOf('credential', credential);

/** Gives what the lead to who made an object is kept by. */
export const objectTarget = ({ kind, name }: NewObject): string => targetOf(`new ${kind}`, name);

/** Names may be long, and credentials are nobody's business. */
function targetOf(kind: string, name: string): string {
  return `${kind} ${String(hash53(name))}`;
}

/**
 * Says that a request at a time follows a lead, made by an identity that is known since a window; `undefined` where that
 * adds nothing to what the request shows.
 */
export function followedSignal({ kind, by, time }: Lead, request: { time: number; knownSince: number }): Signal | undefined {
  // Whoever came into being by the lead does nothing but new things, of innocent leads too.
  const isEstablished = request.knownSince + windowsPerDay <= windowOf(time);
  if (decadesOf[kind] === 0 || (!isEstablished && kind !== 'mapping' && kind !== 'issued')) return undefined;
  const minutes = Math.ceil((request.time - time) / minuteMs);
  const why = minutes === 1 ? 'within a minute' : `within ${String(minutes)} minutes`;
  return { key: `lead|${kind}`, detector: leadCircumstance.id, group: 'lead', decades: decadesOf[kind], words: wordsOf[kind](shortName(by)), why, elsewhere: false, window: windowOf(request.time) };
}
