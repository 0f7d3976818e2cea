import { expect, test } from '@jest/globals';
import { parseAuditEvent, type AuditEvent } from '../../lib/audit/event.ts';
import { Engine } from '../../lib/engine/engine.ts';
import { MemoryFindingStore, MemoryStateStore } from '../../lib/memory-stores.ts';
import { notificationFor } from '../../lib/notification.ts';
import { auditRecord } from '../lib/requests.ts';

const hour = 60 * 60_000;
const start = Date.parse('2026-03-02T09:00:00Z');
const thief = { username: 'system:serviceaccount:shop:cart', groups: ['system:serviceaccounts'] };
let count = 0;

function event(time: number, given: Record<string, unknown>): AuditEvent {
  const at = new Date(time).toISOString();
  return parseAuditEvent(auditRecord({ auditID: `suppression-${String(count++)}`, user: thief, sourceIPs: ['203.0.113.9'], requestReceivedTimestamp: at, stageTimestamp: at, ...given }));
}

/** A container that owns its node. */
const escape = (time: number) => event(time, { verb: 'create', level: 'Request', requestURI: '/api/v1/namespaces/shop/pods', objectRef: { resource: 'pods', namespace: 'shop', name: 'evil', apiVersion: 'v1' }, requestObject: { kind: 'Pod', metadata: { name: 'evil' }, spec: { hostPID: true, containers: [{ name: 'a', image: 'alpine', securityContext: { privileged: true } }] } } });
/** The cluster for itself. */
const bind = (time: number) => event(time, { verb: 'create', level: 'RequestResponse', requestURI: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', objectRef: { resource: 'clusterrolebindings', name: 'mine', apiGroup: 'rbac.authorization.k8s.io', apiVersion: 'v1' }, requestObject: { kind: 'ClusterRoleBinding', metadata: { name: 'mine' }, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' }, subjects: [{ kind: 'ServiceAccount', name: 'cart', namespace: 'shop' }] } });

/** Whatever there may be, as a role. */
const role = (time: number) => event(time, { verb: 'create', level: 'RequestResponse', requestURI: '/apis/rbac.authorization.k8s.io/v1/clusterroles', objectRef: { resource: 'clusterroles', name: 'all', apiGroup: 'rbac.authorization.k8s.io', apiVersion: 'v1' }, requestObject: { kind: 'ClusterRole', metadata: { name: 'all' }, rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }] } });

test('whoever has a finding resolved hides nothing that comes after: what is graver opens it again, and what begins anew is a finding of its own', async () => {
  const told: string[] = [];
  const findings = new MemoryFindingStore((before, after) => {
    if (notificationFor(before, after)) told.push(`${after.status} ${after.severity}`);
  });
  const engine = new Engine({ state: new MemoryStateStore(), findings });
  await engine.process({ cluster: 'prod', events: [bind(start)] });
  const [first] = await findings.query({ limit: 10 });
  expect(told).toEqual([`open ${first?.severity ?? ''}`]);

  await findings.setStatus(first?.id ?? '', 'resolved');
  expect(told).toHaveLength(1);

  await engine.process({ cluster: 'prod', events: [escape(start + hour), role(start + hour)] });
  const [grown] = await findings.query({ limit: 10 });
  expect(grown).toMatchObject({ id: first?.id, status: 'open', evidenceTotal: 3 });
  expect(told).toEqual(['open high', 'open critical']);

  await findings.setStatus(first?.id ?? '', 'resolved');
  await engine.process({ cluster: 'prod', events: [bind(start + 72 * hour)] });
  const all = await findings.query({ limit: 10 });
  expect(all.map(({ status }) => status)).toEqual(['open', 'resolved']);
});
