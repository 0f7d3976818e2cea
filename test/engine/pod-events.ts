import { parseAuditEvent, type AuditEvent } from '../../lib/audit/event.ts';
import { auditRecord } from '../lib/requests.ts';

/** A pod and where it runs. */
export interface MadePod {
  readonly namespace: string;
  /** Its deployment, and its service account. */
  readonly app: string;
  readonly address: string;
  readonly nodeAddress: string;
}

/** A pod is made, and five seconds later its node tells its address; `time` is in seconds since the epoch. */
export function podEvents(time: number, { namespace, app, address, nodeAddress }: MadePod): AuditEvent[] {
  const metadata = { name: `${app}-6d4cf56db6-x7k2p`, namespace, uid: '0a1b2c3d-0000-4000-8000-000000000000', labels: { 'pod-template-hash': '6d4cf56db6' }, ownerReferences: [{ kind: 'ReplicaSet', name: `${app}-6d4cf56db6`, controller: true }] };
  const at = (what: string, seconds: number) => {
    const iso = new Date(seconds * 1000).toISOString();
    return { auditID: `${app} ${what}`, requestReceivedTimestamp: iso, stageTimestamp: iso };
  };
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  return [
    auditRecord({ ...at('made', time), verb: 'create', level: 'RequestResponse', user: { username: 'system:serviceaccount:kube-system:replicaset-controller' }, requestURI: pods, objectRef: { resource: 'pods', namespace, apiVersion: 'v1' }, responseStatus: { code: 201 }, responseObject: { kind: 'Pod', metadata, spec: { serviceAccountName: app }, status: {} } }),
    auditRecord({ ...at('runs', time + 5), verb: 'patch', level: 'Request', user: { username: `system:node:ip-${nodeAddress.replaceAll('.', '-')}.ec2.internal`, groups: ['system:nodes'] }, sourceIPs: [nodeAddress], requestURI: `${pods}/${metadata.name}/status`, objectRef: { resource: 'pods', subresource: 'status', namespace, name: metadata.name, apiVersion: 'v1' }, requestObject: { metadata: { uid: metadata.uid }, status: { phase: 'Running', podIP: address, podIPs: [{ ip: address }], hostIP: nodeAddress } } }),
  ].map((record) => parseAuditEvent(record));
}
