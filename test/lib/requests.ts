import { parseAuditEvent, type AuditEvent } from '../../lib/audit/event.ts';
import { requestsOf, type ApiRequest } from '../../lib/audit/request.ts';
import type { Identity } from '../../lib/identity.ts';

/** A person, a workload, a node and nobody, as identities. */
export const alice: Identity = { id: 'arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/alice@example.com', kind: 'person', peerGroup: 'role 123456789012/AWSReservedSSO_Admin_0123456789abcdef' };
export const cart: Identity = { id: 'system:serviceaccount:shop:cart', kind: 'service-account', peerGroup: 'service accounts named cart' };
export const node: Identity = { id: 'system:node:ip-10-0-0-1.ec2.internal', kind: 'node', peerGroup: 'nodes' };
export const nobody: Identity = { id: 'system:anonymous', kind: 'anonymous', peerGroup: 'anonymous' };
export const stranger: Identity = { id: 'failed authentication from 203.0.113.9', kind: 'failed-authentication', peerGroup: 'failed authentication' };

/** A Monday morning, at the beginning of a window. */
export const monday = Date.parse('2026-03-02T09:00:00Z');

/** A log record of a workload reading its configuration, with fields replaced; `undefined` leaves one out. */
export function auditRecord(given: Record<string, unknown> = {}): string {
  return JSON.stringify({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: 'b7f0a9c2-0000-4000-8000-000000000001',
    stage: 'ResponseComplete',
    requestURI: '/api/v1/namespaces/shop/configmaps/cart',
    verb: 'get',
    user: { username: cart.id, uid: 'u', groups: ['system:serviceaccounts', 'system:authenticated'] },
    sourceIPs: ['10.0.0.7'],
    userAgent: 'cart/1.0 (linux/amd64)',
    objectRef: { resource: 'configmaps', namespace: 'shop', name: 'cart', apiVersion: 'v1' },
    responseStatus: { metadata: {}, code: 200 },
    requestReceivedTimestamp: '2026-03-02T09:00:00.000000Z',
    stageTimestamp: '2026-03-02T09:00:00.004000Z',
    annotations: { 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': '' },
    ...given,
  });
}

/** The same as an event that was read. */
export function auditEvent(given: Record<string, unknown> = {}): AuditEvent {
  return parseAuditEvent(auditRecord(given));
}

/** The same as a request, with what detectors see replaced. */
export function apiRequest(given: Partial<ApiRequest> = {}): ApiRequest {
  const [request] = requestsOf([auditEvent()]);
  if (!request) throw new Error('the sample event is no request');
  return { ...request, ...given };
}

/** A command as it stands in the URI of an exec. */
export function command(...words: readonly string[]): URLSearchParams {
  return new URLSearchParams(words.map((word): [string, string] => ['command', word]));
}
