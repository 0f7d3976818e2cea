import { decodeLearning, lastWorkIn, type Learning, learningsCluster } from '../backfill/learning.ts';
import { auditLogGroup, clusterPartsOf, commandAt } from '../cluster.ts';
import { heartbeatKey, learningKey } from '../engine/state-keys.ts';
import type { Finding } from '../finding.ts';
import type { FindingStore, StateStore } from '../store.ts';
import { dayMs, minuteMs, minuteText } from '../time.ts';
import { allClusters } from '../trail/tell-call.ts';
import { canaryCluster } from './canary.ts';
import { decodeHeartbeat, writeHeartbeat, type Heartbeat } from './heartbeat.ts';
import { forgetCluster, knownClusters, nameClusters } from './known-clusters.ts';
import { idOf, logFinding } from './log-finding.ts';
import { stoppedLearningFinding } from './stopped-learning.ts';

/** Few records that cannot be read are in the dead letters and have an alarm; so many, and such a share, blind. */
const leastMalformed = 20;
const leastMalformedShare = 0.05;

/**
 * So long a cluster's log may be silent, in milliseconds. An API server's audit log never is: each controller's and each node's watch
 * ends and begins anew after 5 to 10 minutes (`minWatchTimeout` in k8s.io/client-go/tools/cache/reflector.go), and watches are
 * not among what the subscription's filter drops. This is three times the longest.
 */
export const usualSilenceMs = 30 * minuteMs;

/**
 * So long no canary may have come out at the other end, in milliseconds: one is let fly every quarter of an hour
 * (infra/watch.ts), and people are told within a minute.
 */
export const usualCanaryMs = 45 * minuteMs;

/** What is looked at. */
export interface WatchOptions {
  /** Clusters that are waited for, though nothing has ever come from them. */
  readonly clusters: readonly string[];
  /** Whether others are watched too, from when something first came from them until nothing has for 90 days; without it none is. */
  readonly discovers?: boolean;
  readonly silenceMs: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** How it is with a cluster's log. */
export interface ClusterStatus {
  readonly cluster: string;
  /** Milliseconds since the newest event that was taken in, or since it was first waited for. */
  readonly silentMs: number;
  readonly heartbeat: Heartbeat;
  /** How far the learning of its history has come, where there is one. */
  readonly learning?: Learning;
}

/** Where heartbeats and findings are. */
export interface WatchPorts {
  readonly state: StateStore;
  readonly findings: FindingStore;
}

/**
 * Looks whether each cluster's log still speaks and can be read, and puts a finding for one that does not: one for each silence, and
 * one a day for records that cannot be read, one for each time that a learning stops. It also looks whether canaries come through.
 * @throws whatever a store throws; the same can then be done again.
 */
export async function watchClusters({ state, findings }: WatchPorts, { clusters: waitedFor, discovers = false, silenceMs, now }: WatchOptions): Promise<ClusterStatus[]> {
  const first = [...waitedFor, canaryCluster];
  await nameClusters(state, first);
  const known = discovers ? await knownClusters(state) : first;
  // From the first look on a cluster is waited for, though nothing has ever come from it.
  const { statuses, begun, lastWork } = await readStatuses(state, known, { now, waitedFor: first });
  for (const { cluster, heartbeat } of begun) await writeHeartbeat(state, cluster, { heartbeat, version: 0 });
  const spoken = new Set(statuses.map(({ cluster }) => cluster));
  for (const gone of known.filter((cluster) => !spoken.has(cluster))) await forgetCluster(state, gone);
  for (const status of statuses.filter(({ cluster }) => cluster !== canaryCluster)) {
    const found = [status.silentMs > silenceMs ? silenceFinding(status, { silenceMs, isNamed: waitedFor.includes(status.cluster), now }) : undefined, unreadableFinding(status, now), status.learning && stoppedLearningFinding(status.cluster, status.learning, { now, lastWork })];
    for (const finding of found) if (finding) await findings.put(finding);
  }
  const canary = statuses.find(({ cluster }) => cluster === canaryCluster);
  if (canary && canary.silentMs > usualCanaryMs) await findings.put(canaryFinding(canary, waitedFor, now));
  return statuses;
}

/** Gives how it is with the logs of all clusters that a deployment watches, and with its canaries; of one that was never waited for nothing. */
export async function clusterStatuses(state: StateStore, now: number): Promise<ClusterStatus[]> {
  return (await readStatuses(state, await knownClusters(state), { now, waitedFor: [] })).statuses;
}

/** Gives what is known of each cluster; those of `waitedFor` of which nothing is begin to be waited for now. Of others nothing is given then. */
async function readStatuses(state: StateStore, clusters: readonly string[], { now, waitedFor }: { now: number; waitedFor: readonly string[] }): Promise<{ statuses: ClusterStatus[]; begun: ClusterStatus[]; lastWork: number }> {
  const items = await state.read([heartbeatKey(learningsCluster), ...clusters.flatMap((cluster) => [heartbeatKey(cluster), learningKey(cluster)])]);
  const statuses = clusters.flatMap((cluster): ClusterStatus[] => {
    const [item, learning] = [items.get(heartbeatKey(cluster)), items.get(learningKey(cluster))];
    if (!item && !waitedFor.includes(cluster)) return [];
    const heartbeat = item ? decodeHeartbeat(item.bytes) : { since: now, hours: [] };
    return [{ cluster, heartbeat, silentMs: silentMs(heartbeat, now), ...(learning ? { learning: decodeLearning(learning.bytes) } : {}) }];
  });
  return { statuses, begun: statuses.filter(({ cluster }) => !items.has(heartbeatKey(cluster))), lastWork: lastWorkIn(items) };
}

function silentMs({ newest, since }: Heartbeat, now: number): number {
  return Math.max(0, now - (newest ?? since));
}

function silenceFinding({ cluster, heartbeat: { newest, since } }: ClusterStatus, { silenceMs, isNamed, now }: { silenceMs: number; isNamed: boolean; now: number }): Finding {
  const { name } = clusterPartsOf(cluster);
  const from = newest ?? since;
  const minutes = String(Math.round(silenceMs / minuteMs));
  const last = newest === undefined ? `nothing has ever come from it, which was first waited for at ${minuteText(since)} UTC` : `its last event that was taken in is of ${minuteText(newest)} UTC`;
  return logFinding({
    id: idOf('silence', cluster, from),
    cluster,
    severity: 'high',
    score: 8,
    times: [from, now],
    title: `The audit log of ${cluster} has fallen silent`,
    summary: `Nothing has come from the audit log of cluster ${cluster} for more than ${minutes} minutes: ${last}. What happens there is not seen.`,
    detector: 'silence',
    why: `It brought nothing for more than ${minutes} minutes: a control plane is never silent so long`,
    checks: [
      `See whether the audit log is on: ${commandAt(cluster, `aws eks describe-cluster --name ${name} --query cluster.logging`)}`,
      `See whether Tidemark is still subscribed to it: ${commandAt(cluster, isNamed ? `aws logs describe-subscription-filters --log-group-name ${auditLogGroup(cluster)}` : 'aws logs describe-account-policies --policy-type SUBSCRIPTION_FILTER_POLICY')}`,
      "See whether ingest's calls fail, or its queue of failed deliveries has messages",
      isNamed ? 'If the cluster is gone, name it no longer in the deployment' : `If the cluster is gone, forget it: tidemark clusters --forget ${cluster}`,
    ],
    evidence: newest === undefined ? 'first waited for; nothing came' : 'the last event that was taken in',
  });
}

function unreadableFinding({ cluster, heartbeat: { hours } }: ClusterStatus, now: number): Finding | undefined {
  const recent = hours.filter(({ hour }) => (hour + 2) * 60 * minuteMs > now);
  const [records, malformed] = [sum(recent.map((one) => one.records)), sum(recent.map((one) => one.malformed))];
  if (malformed < leastMalformed || malformed < records * leastMalformedShare) return undefined;
  const share = `${String(malformed)} of ${String(records)} records`;
  return logFinding({
    id: idOf('unreadable', cluster, Math.floor(now / dayMs)),
    cluster,
    severity: 'medium',
    score: 4.5,
    times: [now, now],
    title: `The audit log of ${cluster} can no longer be read whole`,
    summary: `${share} of the audit log of cluster ${cluster} could not be read within the last two hours. What they say is not seen.`,
    detector: 'unreadable',
    why: `${share} could not be read: mostly all can`,
    checks: ['Look at the reasons in the queue of malformed records', 'See whether somebody else writes to the log group, or changed how its records are delivered'],
    evidence: `${share} could not be read`,
  });
}

function canaryFinding({ heartbeat: { newest, since } }: ClusterStatus, clusters: readonly string[], now: number): Finding {
  const from = newest ?? since;
  const cluster = (clusters.length === 1 ? clusters[0] : undefined) ?? allClusters;
  const minutes = String(Math.round(usualCanaryMs / minuteMs));
  return logFinding({
    id: idOf('canary', from),
    cluster,
    identity: 'tidemark',
    severity: 'high',
    score: 8,
    times: [from, now],
    title: 'What Tidemark takes in no longer comes out as findings',
    summary: `Every quarter of an hour a made-up attack on a made-up cluster goes through Tidemark. For more than ${minutes} minutes none has come out where people are told. Real attacks may not either.`,
    detector: 'canary',
    why: `No canary has come through for more than ${minutes} minutes: one does every quarter of an hour`,
    checks: ["See whether ingest's and notify's calls fail, and whether their queues have messages", 'See whether the stream of the findings table and what feeds notify are on', 'See whether the rule that lets canaries fly is on'],
    evidence: newest === undefined ? 'first waited for; none came through' : 'the last canary that came through',
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
