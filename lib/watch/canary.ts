import { createHash } from 'node:crypto';
import { packSubscription } from '../audit/subscription.ts';
import { auditLogGroup } from '../cluster.ts';
import type { Finding } from '../finding.ts';
import type { Ports } from '../ingest.ts';
import type { FindingStore, StateStore } from '../store.ts';
import { isoTime } from '../time.ts';
import { Heartbeats } from './heartbeat.ts';

/** The made-up cluster that canaries are of. No cluster and no log group can have a space in its name, so nobody can hide behind it. */
export const canaryCluster = 'tidemark canary';

const keptSeconds = 24 * 60 * 60;
const identity = 'system:serviceaccount:tidemark:canary';

/** All canaries are one finding, written over each time, so that they never fill the table. */
const findingId = createHash('sha256').update(canaryCluster).digest('hex').slice(0, 24);

/**
 * A delivery of a made-up audit log, as CloudWatch Logs makes it: one request that is a finding though nothing was learned before, a
 * service account that is made the cluster's administrator. `time` is in milliseconds since the epoch.
 */
export function canaryPayload(time: number): Uint8Array {
  const group = 'rbac.authorization.k8s.io';
  const event = {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'RequestResponse',
    auditID: `tidemark-canary-${String(time)}`,
    stage: 'ResponseComplete',
    requestURI: `/apis/${group}/v1/clusterrolebindings`,
    verb: 'create',
    user: { username: identity, groups: ['system:serviceaccounts', 'system:serviceaccounts:tidemark', 'system:authenticated'] },
    // Of a network that documentation may use and nobody has (RFC 5737).
    sourceIPs: ['192.0.2.1'],
    userAgent: 'tidemark-canary',
    objectRef: { resource: 'clusterrolebindings', name: 'tidemark-canary', apiGroup: group, apiVersion: 'v1' },
    requestObject: { kind: 'ClusterRoleBinding', metadata: { name: 'tidemark-canary' }, roleRef: { apiGroup: group, kind: 'ClusterRole', name: 'cluster-admin' }, subjects: [{ kind: 'ServiceAccount', name: 'canary', namespace: 'tidemark' }] },
    responseStatus: { code: 201 },
    requestReceivedTimestamp: isoTime(time),
    stageTimestamp: isoTime(time),
    annotations: { 'authorization.k8s.io/decision': 'allow' },
  };
  return packSubscription({ logGroup: auditLogGroup(canaryCluster), logStream: 'kube-apiserver-audit-canary' }, [JSON.stringify(event)], time);
}

/**
 * The ports through which a canary goes: the same tables, but a state of its own that is forgotten after a day, so that it is news
 * each time and nothing adds up. `time` is the canary's, in milliseconds since the epoch.
 */
export function canaryPorts({ state, findings, deadLetters }: Ports, time: number): Ports {
  return { state: stateOf(state, time), findings: findingsOf(findings, time), deadLetters };
}

function stateOf(state: StateStore, time: number): StateStore {
  const start = `canary|${String(time)}|`;
  return {
    read: async (keys) => new Map([...(await state.read(keys.map((key) => start + key)))].map(([key, item]) => [key.slice(start.length), item])),
    write: (key, bytes, expectedVersion) => state.write(start + key, bytes, expectedVersion, Math.ceil(time / 1000) + keptSeconds),
  };
}

/** A later canary is a later revision of the finding. */
function findingsOf(findings: FindingStore, time: number): FindingStore {
  return {
    put: (finding) => findings.put({ ...finding, id: findingId, revision: Math.max(1, Math.floor(time / 1000)) }),
    get: () => findings.get(findingId),
    query: (query) => findings.query(query),
    setStatus: (_, status) => findings.setStatus(findingId, status),
  };
}

/**
 * Notes that a canary has come out at the other end, where people would be told of it. `false` when the finding is no canary.
 * @throws whatever the store throws.
 */
export async function noteCanary(state: StateStore, { cluster, lastSeen }: Finding, now: number): Promise<boolean> {
  if (cluster !== canaryCluster) return false;
  await new Heartbeats(state).beat(canaryCluster, { newest: Date.parse(lastSeen), records: 1, malformed: 0 }, now);
  return true;
}
