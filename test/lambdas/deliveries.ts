import { gzipSync } from 'node:zlib';

/** A CloudWatch Logs subscription payload of an audit stream, as gzip bytes, with fields replaced. */
export function subscriptionPayload(messages: readonly string[], given: Readonly<Record<string, unknown>> = {}): Buffer {
  const timestamp = Date.parse('2026-03-01T09:00:00Z');
  const message = {
    messageType: 'DATA_MESSAGE',
    owner: '123456789012',
    logGroup: '/aws/eks/prod/cluster',
    logStream: 'kube-apiserver-audit-0123456789abcdef0123456789abcdef',
    subscriptionFilters: ['tidemark'],
    logEvents: messages.map((text, index) => ({ id: String(index).padStart(56, '0'), timestamp, message: text })),
    ...given,
  };
  return gzipSync(JSON.stringify(message));
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
