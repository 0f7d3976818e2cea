import * as z from 'zod';
import type { AuditEvent } from '../audit/event.ts';
import { networkOf } from '../audit/network.ts';
import { identityOf } from '../identity.ts';
import { canonicalAddress } from './address.ts';
import { workloadOfOwner } from './workload.ts';

/** A pod, of one life: one that is made again under the same name is another. `NAMESPACE/NAME/` and the uid's beginning. */
export type PodKey = string;

/** Somebody was seen at a place: at an address, or on a node. Times are in seconds since the epoch. */
export interface Sighting {
  readonly kind: 'sighting';
  /** An address, `node/NAME`, or `interface/ID`. */
  readonly place: string;
  /** A pod's key, `node/NAME`; or, on a node, an address of which nothing more is known. */
  readonly holder: string;
  readonly time: number;
  /** `false` when only a request came from there, which may have been translated on its way. */
  readonly isCertain: boolean;
}

/** Something was learned of a pod. */
export interface PodFact {
  readonly kind: 'pod';
  readonly pod: PodKey;
  readonly time: number;
  readonly serviceAccount?: string | undefined;
  readonly workload?: string | undefined;
  readonly node?: string | undefined;
  readonly isOnHostNetwork?: boolean;
  /** When it was, or will be, gone. */
  readonly ended?: number | undefined;
  /** Addresses that it has for certain. */
  readonly addresses?: readonly string[];
  /** Where its requests come from, which may have been translated on their way. */
  readonly callsFrom?: string | undefined;
}

/** What an audit event tells of who has which address. */
export type AddressFact = Sighting | PodFact;

const dnsName = z.string().regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/);
const uid = z.string().max(64).catch('');
const addressText = z.string().max(45);
const addressesOf = z.array(z.object({ ip: addressText })).max(20).catch([]);
const status = z.object({ podIP: addressText.optional().catch(undefined), podIPs: addressesOf, hostIP: addressText.optional().catch(undefined), phase: z.string().optional().catch(undefined) });
const podSchema = z.object({
  kind: z.literal('Pod'),
  metadata: z.object({
    name: dnsName,
    uid,
    labels: z.record(z.string(), z.string()).catch({}),
    ownerReferences: z.array(z.object({ kind: z.string().max(100), name: dnsName, controller: z.boolean().catch(false) })).max(20).catch([]),
    deletionGracePeriodSeconds: z.number().nonnegative().max(86_400).optional().catch(undefined),
  }),
  spec: z.object({ serviceAccountName: dnsName.optional().catch(undefined), hostNetwork: z.boolean().catch(false), nodeName: dnsName.optional().catch(undefined) }),
  status: status.catch({ podIPs: [], podIP: undefined, hostIP: undefined, phase: undefined }),
});
const statusPatch = z.object({ metadata: z.object({ uid }).catch({ uid: '' }), status });
const binding = z.object({ metadata: z.object({ uid }).catch({ uid: '' }), target: z.object({ name: dnsName }) });
const tokenRequest = z.object({ spec: z.object({ boundObjectRef: z.object({ kind: z.literal('Pod'), name: dnsName, uid }) }) });
const nodeStatus = z.object({ status: z.object({ addresses: z.array(z.object({ type: z.string(), address: z.string().max(300) })).max(50) }) });
const deletion = z.object({ preconditions: z.object({ uid: z.string().min(1).max(64) }) });
const target = { targetRef: z.object({ kind: z.literal('Pod'), name: dnsName, namespace: dnsName, uid }).optional().catch(undefined), nodeName: dnsName.optional().catch(undefined) };
const endpointAddresses = z.array(z.object({ ip: addressText, ...target })).catch([]);
const endpoints = z.object({ subsets: z.array(z.object({ addresses: endpointAddresses, notReadyAddresses: endpointAddresses })).max(100) });
const endpointSlice = z.object({ endpoints: z.array(z.object({ addresses: z.array(addressText).max(100), ...target })).max(1000) });

const podExtra = 'authentication.kubernetes.io/pod-';
const nodeUser = /^system:node:(.+)$/;
const endpointWriters = new Set(['system:serviceaccount:kube-system:endpoint-controller', 'system:serviceaccount:kube-system:endpointslice-controller']);

/** Who asked what, in short, for the readers below. */
interface Told {
  readonly event: AuditEvent;
  readonly time: number;
  readonly namespace: string;
  readonly name: string;
  /** The node that asked; or undefined. */
  readonly node: string | undefined;
}

/**
 * Tells what an audit event says of who has which address. Believed are the API server's own answers, kubelets on their
 * own pods, and the built-in controllers; what others write into a status or an Endpoints object is not. An event that
 * says nothing of it gives no facts.
 */
export function addressFactsOf(event: AuditEvent): readonly AddressFact[] {
  if (event.stage !== 'ResponseComplete' || event.impersonatedUser) return [];
  const { username = '' } = event.user;
  const { resource, subresource, namespace = '', name = '' } = event.objectRef ?? {};
  const node = dnsName.safeParse(nodeUser.exec(username)?.[1]).data;
  const told: Told = { event, time: Math.floor(Date.parse(event.requestReceivedTimestamp) / 1000), namespace, name, node };
  const own = ownCallFacts(told);
  const reader = readers.get(`${resource ?? ''}/${subresource ?? ''}`);
  return reader ? [...own, ...reader(told)] : own;
}

const readers = new Map<string, (told: Told) => AddressFact[]>([
  // A deletion of a collection names no pod: each one's kubelet deletes it afterwards, and that ends it.
  ['pods/', podFacts],
  ['pods/status', (told) => [...podFacts(told), ...statusFacts(told)]],
  ['pods/binding', bindingFacts],
  ['serviceaccounts/token', tokenFacts],
  ['endpoints/', endpointFacts],
  ['endpointslices/', endpointFacts],
  ['nodes/', nodeFacts],
  ['nodes/status', nodeFacts],
]);

function isDone({ event }: Told): boolean {
  const code = event.responseStatus?.code ?? 0;
  return code >= 200 && code < 300;
}

function podKey(namespace: string, name: string, uid: string): PodKey {
  return `${namespace}/${name}/${uid.slice(0, 8)}`;
}

/** A call from a pod or node comes from its address, if nothing translated it on its way. */
function ownCallFacts({ event, time, node }: Told): AddressFact[] {
  const address = canonicalAddress(event.sourceIPs?.at(-1) ?? '');
  const isOwn = address !== undefined && (networkOf(address).scope === 'private' || address.includes(':'));
  const { username = '', extra } = event.user;
  if (node !== undefined) return isOwn ? [{ kind: 'sighting', place: address, holder: `node/${node}`, time, isCertain: false }] : [];
  const [, namespace, serviceAccount] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(username) ?? [];
  const name = dnsName.safeParse(extra?.[`${podExtra}name`]?.[0]).data;
  if (namespace === undefined || name === undefined) return [];
  const pod = podKey(namespace, name, extra?.[`${podExtra}uid`]?.[0] ?? '');
  const onNode = dnsName.safeParse(extra?.['authentication.kubernetes.io/node-name']?.[0]).data;
  return [{ kind: 'pod', pod, time, serviceAccount, node: onNode, callsFrom: isOwn ? address : undefined }, ...onNodeFacts(pod, onNode, time), ...(isOwn ? [{ kind: 'sighting' as const, place: address, holder: pod, time, isCertain: false }] : [])];
}

function onNodeFacts(pod: PodKey, node: string | undefined, time: number): AddressFact[] {
  return node === undefined ? [] : [{ kind: 'sighting', place: `node/${node}`, holder: pod, time, isCertain: true }];
}

/** The API server answers with the whole pod. */
function podFacts(told: Told): AddressFact[] {
  const { event, time, namespace } = told;
  if (event.verb === 'delete' && event.responseStatus?.code === 404) return goneFacts(told);
  const parsed = isDone(told) ? podSchema.safeParse(event.responseObject) : undefined;
  if (!parsed?.success) return [];
  const { metadata, spec, status } = parsed.data;
  const pod = podKey(namespace, metadata.name, metadata.uid);
  const isCreation = event.verb === 'create' || event.responseStatus?.code === 201;
  const hasEnded = isOver(status.phase) || (event.verb === 'delete' && metadata.deletionGracePeriodSeconds === undefined);
  const ended = hasEnded ? time : event.verb === 'delete' ? time + (metadata.deletionGracePeriodSeconds ?? 0) : undefined;
  const addresses = spec.hostNetwork ? [] : ownAddresses(status);
  return [
    { kind: 'pod', pod, time, serviceAccount: spec.serviceAccountName, workload: isCreation ? createdWorkload(told, metadata) : undefined, node: spec.nodeName, isOnHostNetwork: spec.hostNetwork, ended, addresses },
    ...sightings(pod, addresses, time),
    ...onNodeFacts(pod, spec.nodeName, time),
  ];
}

/** Anybody may write into his pod that something else owns it: only controllers are believed that they made it for their own. */
function createdWorkload({ event }: Told, metadata: z.output<typeof podSchema>['metadata']): string {
  const owner = metadata.ownerReferences.find(({ controller }) => controller);
  const isBuiltIn = ['ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'ReplicationController', 'Node'].includes(owner?.kind ?? '');
  const isBelieved = !isBuiltIn || identityOf(event).kind === 'control-plane' || owner?.kind === 'Node';
  return workloadOfOwner(metadata.name, isBelieved ? owner : undefined, metadata.labels['pod-template-hash']);
}

function goneFacts({ event, time, namespace, name, node }: Told): AddressFact[] {
  const parsed = deletion.safeParse(event.requestObject);
  const isBelieved = node !== undefined || identityOf(event).kind === 'control-plane';
  return parsed.success && isBelieved && name !== '' ? [{ kind: 'pod', pod: podKey(namespace, name, parsed.data.preconditions.uid), time, ended: time }] : [];
}

function isOver(phase: string | undefined): boolean {
  return phase === 'Succeeded' || phase === 'Failed';
}

/** A pod's addresses that are not its node's. */
function ownAddresses({ podIP, podIPs, hostIP }: z.output<typeof status>): string[] {
  const addresses = new Set([...podIPs.map(({ ip }) => ip), podIP ?? ''].map((ip) => canonicalAddress(ip) ?? ''));
  return [...addresses].filter((address) => address !== '' && address !== canonicalAddress(hostIP ?? ''));
}

function sightings(holder: string, addresses: readonly string[], time: number): AddressFact[] {
  return addresses.map((place) => ({ kind: 'sighting', place, holder, time, isCertain: true }));
}

/** A kubelet tells how its pods are; only what has changed. */
function statusFacts(told: Told): AddressFact[] {
  const { event, time, namespace, name, node } = told;
  const parsed = statusPatch.safeParse(event.requestObject);
  if (!parsed.success || node === undefined || name === '' || !isDone(told)) return [];
  const { metadata, status } = parsed.data;
  const pod = podKey(namespace, name, metadata.uid);
  const addresses = ownAddresses(status);
  const host = canonicalAddress(status.hostIP ?? '');
  const isOnHostNetwork = host !== undefined && addresses.length === 0 && status.podIP !== undefined;
  return [
    { kind: 'pod', pod, time, node, isOnHostNetwork, ended: isOver(status.phase) ? time : undefined, addresses },
    ...sightings(pod, addresses, time),
    ...onNodeFacts(pod, node, time),
    ...(host === undefined ? [] : sightings(`node/${node}`, [host], time)),
  ];
}

function bindingFacts(told: Told): AddressFact[] {
  const { event, time, namespace, name } = told;
  const parsed = binding.safeParse(event.requestObject);
  if (!parsed.success || name === '' || !isDone(told)) return [];
  const pod = podKey(namespace, name, parsed.data.metadata.uid);
  const node = parsed.data.target.name;
  return [{ kind: 'pod', pod, time, node }, ...onNodeFacts(pod, node, time)];
}

/** A node may ask for tokens of its own pods only (the node authorizer sees to it). */
function tokenFacts(told: Told): AddressFact[] {
  const { event, time, namespace, name, node } = told;
  const parsed = tokenRequest.safeParse(event.requestObject);
  if (!parsed.success || node === undefined || !isDone(told)) return [];
  const { boundObjectRef } = parsed.data.spec;
  const pod = podKey(namespace, boundObjectRef.name, boundObjectRef.uid);
  return [{ kind: 'pod', pod, time, serviceAccount: dnsName.safeParse(name).data, node }, ...onNodeFacts(pod, node, time)];
}

function endpointFacts(told: Told): AddressFact[] {
  const { event, time } = told;
  if (!endpointWriters.has(event.user.username ?? '') || !isDone(told) || event.verb === 'delete') return [];
  const body = event.requestObject;
  const ofEndpoints = endpoints.safeParse(body).data?.subsets.flatMap(({ addresses, notReadyAddresses }) => [...addresses, ...notReadyAddresses].map(({ ip, ...of }) => ({ addresses: [ip], ...of })));
  const listed = ofEndpoints ?? endpointSlice.safeParse(body).data?.endpoints ?? [];
  return listed.flatMap(({ addresses, targetRef, nodeName }): AddressFact[] => {
    if (!targetRef) return [];
    const pod = podKey(targetRef.namespace, targetRef.name, targetRef.uid);
    const own = addresses.map((address) => canonicalAddress(address)).filter((address) => address !== undefined);
    return [{ kind: 'pod', pod, time, node: nodeName, addresses: own }, ...sightings(pod, own, time), ...onNodeFacts(pod, nodeName, time)];
  });
}

function nodeFacts(told: Told): AddressFact[] {
  const { event, time, node } = told;
  const parsed = nodeStatus.safeParse(event.responseObject).data ?? nodeStatus.safeParse(event.requestObject).data;
  if (!parsed || node === undefined || !isDone(told) || (told.name !== '' && told.name !== node)) return [];
  const internal = parsed.status.addresses.filter(({ type }) => type === 'InternalIP').map(({ address }) => canonicalAddress(address));
  return sightings(`node/${node}`, internal.filter((address) => address !== undefined), time);
}
