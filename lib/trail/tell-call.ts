import { createHash } from 'node:crypto';
import { clusterIdOf, clusterOfLogGroup, isAtHome, regionOfFilter, type Home } from '../cluster.ts';
import { findingSchema, severities, severityRank, tactics, type Finding, type Severity } from '../finding.ts';
import { shortName } from '../identity.ts';
import { severityScores } from '../scoring/episode.ts';
import { cleanLine } from '../text.ts';
import { hourMs, isoTime, minuteText } from '../time.ts';
import { textOf, textsOf, type Call } from './call.ts';
import { watchedCalls, type WatchedCall } from './watched-calls.ts';

/** What concerns a deployment. */
export interface Scope {
  /** Where it is. */
  readonly home: Home;
  /** Ids of the clusters whose audit log it reads. */
  readonly clusters: readonly string[];
  /** Log groups it reads besides. */
  readonly logGroups: readonly string[];
  /** Whether it reads what networks log. */
  readonly traffic: boolean;
  /** Names and ids of resources of its own. */
  readonly own: readonly string[];
  /** What names of further resources of its own begin with. */
  readonly ownPrefix: string;
  /** The stack it is a part of. */
  readonly stack: string;
}

/** A call that is told. */
export interface ToldCall {
  readonly call: Call;
  readonly watched: WatchedCall;
  readonly cluster: string;
  /** The resource. */
  readonly what: string;
  /** What was done, to complete "it …". */
  readonly words: string;
  readonly severity: Severity;
}

/** Enough to see what was done; further calls are in CloudTrail. */
const maxCalls = 50;
const maxReasons = 24;
const maxStages = 12;
const maxChecks = 6;

/**
 * Says whether a call is told, and as what: `undefined` when it touches nothing that concerns the deployment, or is CloudFormation
 * deploying Tidemark itself, which the call that had it do so tells already; elsewhere that call is not seen, so what it deletes is told. What failed, and what a service did for somebody, is a
 * step less grave.
 */
export function toldCall(call: Call, scope: Scope): ToldCall | undefined {
  const watched = watchedCalls.find(({ service, name, when }) => service === call.service && name === call.name && (when?.(call.parameters) ?? true));
  const what = watched && touched(watched, call, scope);
  if (!watched || what === undefined) return undefined;
  if (call.through === 'cloudformation.amazonaws.com' && ['own', 'filter', 'account-filter'].includes(watched.target) && (isAtHome(call, scope.home) || !watched.name.startsWith('Delete'))) return undefined;
  const lessened = Number(call.errorCode !== undefined) + Number(call.through !== undefined);
  return {
    call,
    watched,
    cluster: clusterOf(watched, call, scope),
    what,
    words: wordsOf(watched, call, { what, where: whereWords(watched, call, scope) }),
    severity: severities[Math.max(0, severityRank(watched.severity) - lessened)] ?? 'low',
  };
}

/** Gives the id of the finding that a call is told in: what a caller does to one cluster within an hour is one, so that a script with a thousand calls is no thousand mails. */
export function findingIdOf({ call, cluster }: ToldCall): string {
  const hour = Math.floor(call.time / hourMs);
  return createHash('sha256').update(JSON.stringify(['trail', cluster, call.caller, hour])).digest('hex').slice(0, 24);
}

/**
 * Adds a call to the finding that it is told in, `before`, if there is one. What it then says is the same in whatever order calls came, but
 * for when it was pushed. `undefined` when nothing is to be written: the finding has the call, or is full.
 */
export function findingWith(before: Finding | undefined, told: ToldCall): Finding | undefined {
  const { call, watched, severity } = told;
  if (before && (before.evidence.length >= maxCalls || before.evidence.some(({ eventId }) => eventId === call.id))) return undefined;
  const time = isoTime(call.time);
  const rises = severityRank(severity) > (before ? severityRank(before.severity) : -1);
  const title = clip(`${shortName(call.caller)} ${told.words}`, 200);
  const leads = rises || (severity === before?.severity && title < before.title);
  const evidence = [...(before?.evidence ?? []), evidenceOf(told, time)].sort(by(({ time: at, eventId = '' }) => `${at} ${eventId}`));
  const stages = unique([...(before?.stages ?? []), { tactic: watched.tactic, words: clip(`it ${told.words}`, 120) }]).sort(by(({ words }) => words)).sort((one, other) => tactics.indexOf(one.tactic) - tactics.indexOf(other.tactic)).slice(0, maxStages);
  const reasons = unique([...(before?.reasons ?? []), { detector: watched.name, words: clip(`It ${told.words}: ${watched.why}`, 500), score: scoreOf(severity) }]).sort(by(({ words }) => words)).sort((one, other) => other.score - one.score).slice(0, maxReasons);
  const [firstSeen = time, lastSeen = time] = [evidence[0]?.time, evidence.at(-1)?.time];
  return findingSchema.parse({
    schemaVersion: 1,
    id: findingIdOf(told),
    cluster: told.cluster,
    identity: call.caller,
    category: leads ? watched.category : (before?.category ?? watched.category),
    severity: rises ? severity : (before?.severity ?? severity),
    status: 'open',
    revision: evidence.length,
    score: Math.max(scoreOf(severity), before?.score ?? 0),
    raisedAt: firstSeen,
    pushedAt: [...(before?.pushedAt ?? []), ...(rises && severity !== 'low' ? [time] : [])],
    firstSeen,
    lastSeen,
    title: leads ? title : (before?.title ?? ''),
    summary: summaryOf(stages.map(({ words }) => words), evidence.length, [firstSeen, lastSeen]),
    checks: unique([...(before?.checks ?? []), watched.check]).sort().slice(0, maxChecks),
    innocent: '',
    firstSteps: [],
    techniques: unique([...(before?.techniques ?? []), watched.technique]).sort().slice(0, 24),
    stages,
    others: [],
    reasons,
    evidence,
    evidenceTotal: evidence.length,
    tally: [],
  } satisfies Finding);
}

/** What of the deployment a call touches; `undefined` when nothing. */
function touched({ target }: WatchedCall, call: Call, scope: Scope): string | undefined {
  const { parameters } = call;
  switch (target) {
    case 'cluster':
      return clusterAt(textOf(parameters, 'name', 'clusterName'), call, scope);
    case 'log-group':
      return watchedLogGroup(call, scope);
    case 'filter':
      return watchedLogGroup(call, scope) !== undefined && isOwnFilter(textOf(parameters, 'filterName'), scope) ? textOf(parameters, 'filterName') : undefined;
    case 'account-filter':
      return isOwnFilter(textOf(parameters, 'policyName'), scope) ? textOf(parameters, 'policyName') : undefined;
    case 'own':
      return textsOf(parameters).flatMap(partsOf).find((part) => isOwn(part, call, scope));
    case 'stack':
      return isAtHome(call, scope.home) ? textsOf(parameters['stackName']).flatMap(partsOf).find((part) => part === scope.stack) : undefined;
    case 'network':
      return isAtHome(call, scope.home) && scope.traffic ? (textsOf(parameters)[0] ?? '') : undefined;
    case 'account':
      return textsOf(parameters)[0] ?? '';
  }
}

/** What forwards calls from elsewhere is called by its region; all else of the deployment is in its account. */
function isOwn(name: string, call: Call, { home, own, ownPrefix }: Scope): boolean {
  if ((call.account ?? home.account) === home.account && (name.startsWith(ownPrefix) || own.includes(name))) return true;
  return !isAtHome(call, home) && regionOfFilter(name) !== undefined;
}

/** Gives the id of the cluster that is called so where a call was made, if it is among those that are read. */
function clusterAt(name: string | undefined, { account, region }: Call, { clusters, home }: Scope): string | undefined {
  if (name === undefined) return undefined;
  const ids = [clusterIdOf({ name, account, region }, home)];
  // A cluster elsewhere whose deliveries do not say their region is known without it.
  if (account !== home.account) ids.push(clusterIdOf({ name, account }, home));
  return ids.find((id) => clusters.includes(id));
}

/** A filter of the deployment's own clusters is called as CloudFormation does, one that sends from elsewhere by its region. */
function isOwnFilter(name: string | undefined, { ownPrefix }: Scope): boolean {
  return name !== undefined && (name.startsWith(ownPrefix) || regionOfFilter(name) !== undefined);
}

/** Parts of an ARN, a URL or a name. */
function partsOf(text: string): string[] {
  return text.split(/[:/]/);
}

function watchedLogGroup(call: Call, scope: Scope): string | undefined {
  const given = textOf(call.parameters, 'logGroupName', 'logGroupIdentifier', 'resourceIdentifier');
  const name = given?.replace(/^arn:[^:]*:logs:[^:]*:\d*:log-group:/, '').replace(/:.*$/, '');
  if (name === undefined) return undefined;
  return (isAtHome(call, scope.home) && scope.logGroups.includes(name)) || clusterAt(clusterOfLogGroup(name), call, scope) !== undefined ? name : undefined;
}

/** How a finding names the cluster where it is about all of them; no cluster can be called so. */
export const allClusters = 'all clusters';

function clusterOf({ target }: WatchedCall, call: Call, scope: Scope): string {
  const { clusters } = scope;
  const name = target === 'cluster' ? textOf(call.parameters, 'name', 'clusterName') : clusterOfLogGroup(watchedLogGroup(call, scope) ?? '');
  return clusterAt(name, call, scope) ?? (clusters.length === 1 ? clusters[0] : undefined) ?? allClusters;
}

/** Where a call was made, unless it was at home or the cluster's id says it. */
function whereWords({ target }: WatchedCall, call: Call, scope: Scope): string {
  if (target === 'cluster' || isAtHome(call, scope.home)) return '';
  return ` in account ${[call.account, call.region].filter((part) => part !== undefined).join(', ')}`;
}

function wordsOf({ verbs: [did, tried], object }: WatchedCall, { parameters, errorCode, through }: Call, { what, where }: { what: string; where: string }): string {
  const filled = object.replace(/\{(\w+)\}/g, (_, name: string) => (name === 'what' ? what : (lastPart(parameters, name) ?? 'something'))) + where;
  const by = through === undefined ? '' : ` through ${through}`;
  return cleanLine(errorCode === undefined ? `${did} ${filled}${by}` : `tried to ${tried} ${filled}${by}, which failed (${errorCode})`);
}

/** A log group's name is a path that says something as a whole, an ARN's path does not. */
function lastPart(parameters: Call['parameters'], name: string): string | undefined {
  const value = textOf(parameters, name);
  return value?.startsWith('arn:') ? value.split('/').at(-1) : value;
}

function evidenceOf({ call, what }: ToldCall, time: string): Finding['evidence'][number] {
  const { id, service, name, sourceAddress, userAgent } = call;
  const request = `${service.replace(/\.amazonaws\.com$/, '')}:${name} ${what} from ${sourceAddress || 'an unknown address'}`;
  return { auditId: '', eventId: id, time, request: clip(request, 300), sourceAddress, userAgent };
}

function summaryOf(words: readonly string[], calls: number, [first, last]: readonly [string, string]): string {
  const [from, to] = [first, last].map((time) => minuteText(Date.parse(time)));
  const when = from === to ? `On ${from ?? ''} UTC` : `Between ${from ?? ''} and ${to ?? ''} UTC`;
  const left = words.length - 4;
  return clip(`${when} ${words.slice(0, 4).join('; ')}${left > 0 ? `; and ${String(left)} more such things` : ''}, in ${String(calls)} call${calls === 1 ? '' : 's'} of AWS.`, 2000);
}

/** Compares by a text. */
function by<Of>(textIn: (one: Of) => string): (one: Of, other: Of) => number {
  return (one, other) => (textIn(one) === textIn(other) ? 0 : textIn(one) < textIn(other) ? -1 : 1);
}

function scoreOf(severity: Severity): number {
  return severityScores.find(([one]) => one === severity)?.[1] ?? 0;
}

function unique<Value>(values: readonly Value[]): Value[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

function clip(text: string, length: number): string {
  return cleanLine(text).slice(0, length).toWellFormed();
}
