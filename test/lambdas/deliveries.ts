import { payloadOf, type MessageFields } from '../engine/payloads.ts';

/** A CloudWatch Logs subscription payload of the audit stream of the cluster `prod`, as gzip bytes, with fields replaced. */
export function subscriptionPayload(messages: readonly string[], given: MessageFields = {}): Buffer {
  return payloadOf(messages, { owner: '123456789012', logGroup: '/aws/eks/prod/cluster', ...given });
}

/** One audit event of a completed request, as the API server writes it. */
export function auditEvent(auditID: string): string {
  return JSON.stringify({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID,
    stage: 'ResponseComplete',
    requestURI: '/api/v1/namespaces/shop/configmaps/cart',
    verb: 'get',
    user: { username: 'system:serviceaccount:shop:cart', uid: 'u', groups: ['system:serviceaccounts', 'system:authenticated'] },
    sourceIPs: ['10.0.0.7'],
    userAgent: 'cart/1.0',
    objectRef: { resource: 'configmaps', namespace: 'shop', name: 'cart', apiVersion: 'v1' },
    responseStatus: { metadata: {}, code: 200 },
    requestReceivedTimestamp: '2026-03-01T09:00:00.000000Z',
    stageTimestamp: '2026-03-01T09:00:00.004000Z',
    annotations: { 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': '' },
  });
}
