import { auditRecord } from '../lib/requests.ts';

/** Lives of which an older release wrote items, so that today's code goes on with them. */

export const cluster = 'shop';
const second = 1000;
const tenMinutes = 600;
export const day = 86_400;
export const address = '10.0.3.7';
export const account = 'system:serviceaccount:payments:api';
export const workload = 'payments/Deployment/api';
/** Seconds since the epoch. */
export const begin = Date.parse('2026-03-02T00:00:00Z') / second;
export const learnedDays = 8;
export const stranger = '203.0.113.66';

/** In the sample log: until then an older release worked, in the middle of a theft, and from then on another. */
export const handedOver = Date.parse('2026-10-14T02:07:55Z');
export const thief = 'arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Developer_0a1b2c3d4e5f6a7b/carol@corp.example';
/** Whose items are kept. */
export const identities = [thief, 'system:serviceaccount:payments:checkout', 'system:serviceaccount:shop:search'];

/** Records of the audit log of a pod that is made, and of its node that tells its address. */
export function podRecords(time: number): string[] {
  const at = (offset: number) => { const text = new Date((time + offset) * second).toISOString(); return { auditID: `pod-${String(offset)}`, requestReceivedTimestamp: text, stageTimestamp: text }; };
  const metadata = { name: 'api-6d4cf56db6-x7k2p', namespace: 'payments', uid: '0a1b2c3d-0000-4000-8000-000000000000', labels: { 'pod-template-hash': '6d4cf56db6' }, ownerReferences: [{ kind: 'ReplicaSet', name: 'api-6d4cf56db6', controller: true }] };
  return [
    auditRecord({ ...at(0), verb: 'create', level: 'RequestResponse', user: { username: 'system:serviceaccount:kube-system:replicaset-controller' }, requestURI: '/api/v1/namespaces/payments/pods', objectRef: { resource: 'pods', namespace: 'payments', apiVersion: 'v1' }, responseStatus: { code: 201 }, responseObject: { kind: 'Pod', metadata, spec: { serviceAccountName: 'api' }, status: {} } }),
    auditRecord({ ...at(5), verb: 'patch', level: 'Request', user: { username: 'system:node:ip-10-0-0-1.ec2.internal', groups: ['system:nodes'] }, sourceIPs: ['10.0.0.1'], requestURI: `/api/v1/namespaces/payments/pods/${metadata.name}/status`, objectRef: { resource: 'pods', subresource: 'status', namespace: 'payments', name: metadata.name, apiVersion: 'v1' }, requestObject: { metadata: { uid: metadata.uid }, status: { phase: 'Running', podIP: address, podIPs: [{ ip: address }], hostIP: '10.0.0.1' } } }),
  ];
}

/** A flow record as `lib/egress/flow-record.ts` has it. */
export function flow(start: number, destinationAddress: string, bytes: number) {
  return { interfaceId: 'eni-1', sourceAddress: address, destinationAddress, sourcePort: 40_000, destinationPort: 443, protocol: 6, packets: 10, bytes, start, end: start + tenMinutes, accepted: true, direction: 'egress' as const, tcpFlags: undefined, instanceId: '' };
}

/** What the workload sends in a day that begins at a time: always to one vendor. */
export function dayOfFlows(from: number) {
  return Array.from({ length: day / tenMinutes }, (_, index) => flow(from + index * tenMinutes, '192.0.2.80', 200_000 + (index % 7) * 10_000));
}

/** What it looks up in a day that begins at a time: always that vendor's name. */
export function dayOfQueries(from: number) {
  return Array.from({ length: day / tenMinutes }, (_, index) => ({ time: (from + index * tenMinutes) * second, sourceAddress: address, name: 'api.vendor.example', type: 'A', responseCode: 'NOERROR', answers: ['192.0.2.80'], blocked: false, vpcId: 'vpc-1', instanceId: '' }));
}
