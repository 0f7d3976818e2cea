import type { AuditEvent } from '../../../lib/audit/event.ts';
import { auditEvent } from '../requests.ts';

/** A Monday morning, in seconds since the epoch. */
export const monday = Date.parse('2026-03-02T09:00:00Z') / 1000;

/** A pod of one life in the tests' cluster. */
export interface TestPod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly node: string;
  readonly address: string;
}

export const pod: TestPod = { namespace: 'shop', name: 'cart-678ccd5cd7-ndglg', uid: '0e73ddeb-1c44-4a30-b54a-48eeeb0b87df', node: 'ip-10-0-9-1.ec2.internal', address: '10.0.1.5' };

/** An event so many seconds after that Monday's. */
export function eventAt(seconds: number, given: Record<string, unknown>): AuditEvent {
  const time = new Date((monday + seconds) * 1000).toISOString().replace('Z', '000Z');
  return auditEvent({ requestReceivedTimestamp: time, stageTimestamp: time, ...given });
}

const controller = (name: string) => ({ username: `system:serviceaccount:kube-system:${name}`, groups: ['system:serviceaccounts'] });
const kubelet = ({ node }: TestPod) => ({ username: `system:node:${node}`, groups: ['system:nodes'] });
const podRef = ({ namespace, name }: TestPod, subresource?: string) => ({ resource: 'pods', namespace, name, apiVersion: 'v1', ...(subresource ? { subresource } : {}) });
const nodeAddress = ({ node }: TestPod): string => /^ip-(\d+-\d+-\d+-\d+)/.exec(node)?.[1]?.replaceAll('-', '.') ?? '10.0.9.9';

/** The pod as the API server answers with it. */
export function podObject(of: TestPod, given: { readonly spec?: object; readonly status?: object; readonly metadata?: object } = {}): object {
  const replicaSet = of.name.replace(/-[^-]*$/, '');
  const metadata = { name: of.name, namespace: of.namespace, uid: of.uid, labels: { 'pod-template-hash': replicaSet.replace(/^.*-/, '') }, ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: replicaSet, uid: 'x', controller: true }] };
  return { kind: 'Pod', apiVersion: 'v1', metadata: { ...metadata, ...given.metadata }, spec: { serviceAccountName: 'cart', containers: [], ...given.spec }, status: { ...given.status } };
}

export const created = (seconds: number, of: TestPod = pod, given: Record<string, unknown> = {}) =>
  eventAt(seconds, { verb: 'create', user: controller('replicaset-controller'), objectRef: { ...podRef(of), name: undefined }, responseStatus: { code: 201 }, responseObject: podObject(of), sourceIPs: ['10.0.191.41'], ...given });

export const bound = (seconds: number, of: TestPod = pod) =>
  eventAt(seconds, { verb: 'create', user: { username: 'system:kube-scheduler' }, objectRef: podRef(of, 'binding'), responseStatus: { code: 201 }, requestObject: { metadata: { uid: of.uid }, target: { kind: 'Node', name: of.node } } });

export const running = (seconds: number, of: TestPod = pod, given: Record<string, unknown> = {}) =>
  eventAt(seconds, {
    verb: 'patch', user: kubelet(of), objectRef: podRef(of, 'status'), sourceIPs: [nodeAddress(of)],
    requestObject: { metadata: { uid: of.uid }, status: { phase: 'Running', hostIP: nodeAddress(of), podIP: of.address, podIPs: [{ ip: of.address }] } }, ...given,
  });

export const finished = (seconds: number, of: TestPod = pod) =>
  eventAt(seconds, { verb: 'patch', user: kubelet(of), objectRef: podRef(of, 'status'), sourceIPs: [nodeAddress(of)], requestObject: { metadata: { uid: of.uid }, status: { phase: 'Succeeded' } } });

export const deleted = (seconds: number, of: TestPod = pod, grace = 0) =>
  eventAt(seconds, { verb: 'delete', user: kubelet(of), objectRef: podRef(of), sourceIPs: [nodeAddress(of)], responseObject: podObject(of, { metadata: { deletionGracePeriodSeconds: grace }, status: { podIP: of.address, podIPs: [{ ip: of.address }] } }) });

export const tokenAsked = (seconds: number, of: TestPod = pod, serviceAccount = 'cart') =>
  eventAt(seconds, {
    verb: 'create', user: kubelet(of), objectRef: { resource: 'serviceaccounts', namespace: of.namespace, name: serviceAccount, subresource: 'token' }, responseStatus: { code: 201 }, sourceIPs: [nodeAddress(of)],
    requestObject: { spec: { boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: of.name, uid: of.uid } } },
  });

export const called = (seconds: number, of: TestPod = pod, address = of.address) =>
  eventAt(seconds, {
    user: { username: `system:serviceaccount:${of.namespace}:cart`, extra: { 'authentication.kubernetes.io/pod-name': [of.name], 'authentication.kubernetes.io/pod-uid': [of.uid], 'authentication.kubernetes.io/node-name': [of.node] } },
    sourceIPs: [address],
  });

export const listed = (seconds: number, pods: readonly TestPod[] = [pod], given: Record<string, unknown> = {}) =>
  eventAt(seconds, {
    verb: 'update', user: controller('endpoint-controller'), objectRef: { resource: 'endpoints', namespace: 'shop', name: 'cart' },
    requestObject: { subsets: [{ addresses: pods.map(({ address, namespace, name, uid, node }) => ({ ip: address, nodeName: node, targetRef: { kind: 'Pod', namespace, name, uid } })) }] }, ...given,
  });
