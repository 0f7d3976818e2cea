import { shardOf, type AddressShard, type PodEntry, type Seat } from './address-shard.ts';
import type { PodKey, Sighting } from './address-facts.ts';
import type { FlowRecord } from './flow-record.ts';
import { workloadOfName } from './workload.ts';

/** A pod that had an address. */
export interface PodHolder {
  readonly kind: 'pod';
  readonly namespace: string;
  readonly pod: string;
  /** What stays the same while its pods come and go: `Deployment/api`. */
  readonly workload: string;
  readonly serviceAccount: string | undefined;
  readonly node: string | undefined;
  /** `true` when nothing tells its address, but it is the only one on the interface's node that can have it. */
  readonly isInferred: boolean;
}

/**
 * A node whose address was used: by itself, by one of its pods on the host's network, or by any of its pods whose
 * traffic was given the node's address on its way out of the VPC.
 */
export interface NodeHolder {
  readonly kind: 'node';
  readonly name: string;
  /** The pods that were on it, those on the host's network first. */
  readonly candidates: readonly PodHolder[];
  /** `true` when the address is not the node's own but an unknown one on its interface: then only pods are candidates whose address is not known. */
  readonly isInferred: boolean;
}

export type Holder = PodHolder | NodeHolder;

/** A pod is seen a moment after it got its address, and sends a moment longer than it is: seconds. */
const slack = 120;
const maxCandidates = 250;
/** An address without a holder that was seen within so many seconds may still be somebody's. */
const recent = 12 * 60 * 60;

/** An address at a time, whose both ends belong to it, in seconds since the epoch; and the interface that saw it, where that is known. */
export interface LookUp {
  readonly address: string;
  readonly start: number;
  readonly end: number;
  readonly interfaceId?: string;
}

/** Since when and until when somebody had an address; the end is no longer his. */
interface Tenure {
  readonly key: PodKey;
  readonly first: number;
  end: number;
}

/** Who had which address when, by the parts of a cluster's address book that are given. */
export class AddressBook {
  readonly #shards: ReadonlyMap<number, AddressShard>;

  /** @param shards by number; a part that is not there counts as empty. */
  constructor(shards: ReadonlyMap<number, AddressShard>) {
    this.#shards = shards;
  }

  /**
   * Gives the parts that a look-up needs, as far as those that are there tell: ask again when they are, until it names no
   * new ones.
   */
  shardsFor({ address, interfaceId }: LookUp): Set<number> {
    const needed = new Set<number>();
    for (const place of [address, ...(interfaceId ? [`interface/${interfaceId}`] : [])]) this.#addShardsOf(place, needed, 3);
    return needed;
  }

  /**
   * Gives who had an address during a time: whoever had it for most of it. Where nothing tells an address, the interface
   * that saw it tells at least the node. `undefined` when nobody is known, or when the address speaks for many.
   */
  holderAt(lookUp: LookUp): Holder | undefined {
    return this.#known(lookUp) ?? this.#byInterface(lookUp);
  }

  #known({ address, start, end }: LookUp): Holder | undefined {
    const seats = this.#seats(address);
    if (seats.size === 0) return undefined;
    const nodes = nodesOf(seats);
    const tenures = this.#tenuresOf(address, seats, new Set(nodes.map(({ name }) => name)));
    const during = tenures && mostOf(tenures, start, end + 1);
    if (during && overlapOf(during, start, end + 1) > 0) return this.#pod(during.key);
    const node = nodes.filter(({ first }) => first <= end + slack).at(-1);
    if (node && !speakForMany(nodes)) return { kind: 'node', name: node.name, candidates: this.#podsOn(node.name, start, end).map((key) => this.#pod(key)), isInferred: false };
    return during && overlapOf(during, start, end + 1) >= -slack ? this.#pod(during.key) : undefined;
  }

  /** An interface belongs to one node, and so do the pods whose addresses are on it. */
  #byInterface({ interfaceId, address, start, end }: LookUp): Holder | undefined {
    const nodes = interfaceId ? nodesOf(this.#seats(`interface/${interfaceId}`)) : [];
    const name = nodes.filter(({ first }) => first <= end + slack).at(-1)?.name;
    if (name === undefined) return undefined;
    const pods = this.#podsOn(name, start, end).filter((key) => !this.#hasKnownAddress(key, start, end));
    const [only] = pods;
    if (only === undefined) return undefined;
    const others = [...this.#seats(`node/${name}`)].filter(([holder, { last }]) => !holder.includes('/') && holder !== address && last >= start - recent && !this.#known({ address: holder, start, end }));
    if (pods.length === 1 && others.length === 0) return { ...this.#pod(only), isInferred: true };
    return { kind: 'node', name, candidates: pods.map((key) => this.#pod(key)), isInferred: true };
  }

  #hasKnownAddress(key: PodKey, start: number, end: number): boolean {
    const entry = this.#entry(key);
    if (!entry) return false;
    if (entry.isOnHostNetwork || entry.addresses.size > 0 || isNodeAgent(key, entry)) return true;
    const holder = entry.callsFrom === undefined ? undefined : this.#known({ address: entry.callsFrom, start, end });
    return holder?.kind === 'node' ? holder.name === entry.node : holder !== undefined;
  }

  #seats(place: string): ReadonlyMap<string, Seat> {
    return this.#shards.get(shardOf(place))?.places.get(place) ?? new Map<string, Seat>();
  }

  #entry(key: PodKey): PodEntry | undefined {
    return this.#shards.get(shardOf(key))?.pods.get(key);
  }

  /** Of a place, of those who hold it, and of what is on those that are nodes. */
  #addShardsOf(place: string, needed: Set<number>, depth: number): void {
    needed.add(shardOf(place));
    if (depth > 0) for (const holder of this.#seats(place).keys()) this.#addShardsOf(holder, needed, depth - 1);
    const callsFrom = this.#entry(place)?.callsFrom;
    if (callsFrom !== undefined && depth > 0) this.#addShardsOf(callsFrom, needed, Math.min(depth - 1, 1));
  }

  /**
   * The pods' tenures of an address, in the order in which they began. Pods on the host's network have none. `undefined`
   * when nothing certain is known and several pods spoke from it at the same time.
   */
  #tenuresOf(address: string, seats: ReadonlyMap<string, Seat>, nodes: ReadonlySet<string>): Tenure[] | undefined {
    const pods = [...seats].filter(([holder]) => !holder.startsWith('node/'));
    const certain = pods.filter(([, { isCertain }]) => isCertain);
    const used = certain.length > 0 ? certain : pods;
    const tenures: (Tenure & { last: number })[] = [];
    for (const [key, { first, last }] of used) {
      const entry = this.#entry(key);
      const isNodes = entry?.isOnHostNetwork === true || nodes.has(entry?.node ?? '') || (certain.length === 0 && nodes.size > 0);
      const end = Math.min(entry?.ended === undefined ? Infinity : entry.ended + 1, movedAt(address, first, entry));
      if (!isNodes && end > first) tenures.push({ key, first, last, end });
    }
    tenures.sort((one, other) => one.first - other.first || (one.key < other.key ? -1 : 1));
    if (certain.length === 0 && tenures.some(({ last }, index) => (tenures[index + 1]?.first ?? Infinity) < last)) return undefined;
    for (const [index, tenure] of tenures.entries()) tenure.end = Math.min(tenure.end, tenures[index + 1]?.first ?? Infinity);
    return tenures;
  }

  #pod(key: PodKey): PodHolder {
    const [namespace = '', pod = ''] = key.split('/');
    const entry = this.#entry(key);
    return { kind: 'pod', namespace, pod, workload: entry?.workload ?? workloadOfName(pod), serviceAccount: entry?.serviceAccount, node: entry?.node, isInferred: false };
  }

  /** The pods that were on a node, those on the host's network first. */
  #podsOn(node: string, start: number, end: number): PodKey[] {
    const isThere = (key: PodKey, { first }: Seat): boolean => key.includes('/') && first <= end + slack && (this.#entry(key)?.ended ?? Infinity) >= start - slack;
    const there = [...this.#seats(`node/${node}`)].filter(([key, seat]) => isThere(key, seat)).map(([key]) => key);
    const rank = (key: PodKey): number => Number(this.#entry(key)?.isOnHostNetwork !== true);
    return there.sort((one, other) => rank(one) - rank(other) || (one < other ? -1 : 1)).slice(0, maxCandidates);
  }
}

/**
 * Gives what a flow record tells of its interface, by who was found to be its source: which node has the interface, and which
 * addresses on it nobody is known to have.
 */
export function interfaceFactsOf({ interfaceId, sourceAddress, end, direction }: FlowRecord, holder: Holder | undefined): Sighting[] {
  const node = holder?.kind === 'node' ? holder.name : holder?.node;
  if (!holder || node === undefined || interfaceId === '' || direction === 'ingress') return [];
  if (holder.isInferred) return [{ kind: 'sighting', place: `node/${node}`, holder: sourceAddress, time: end, isCertain: true }];
  return direction === 'egress' ? [{ kind: 'sighting', place: `interface/${interfaceId}`, holder: `node/${node}`, time: end, isCertain: true }] : [];
}

/**
 * Service accounts of kube-system whose pods are always on the host's network.
 * Sources: the manifests of the EKS add-ons (https://docs.aws.amazon.com/eks/latest/userguide/workloads-add-ons-available-eks.html)
 * and https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/
 */
const nodeAgents = new Set(['aws-node', 'kube-proxy', 'eks-pod-identity-agent', 'eks-node-monitoring-agent', 'efs-csi-node-sa', 'node-local-dns', 'cilium']);

function isNodeAgent(key: PodKey, { serviceAccount = '' }: PodEntry): boolean {
  return key.startsWith('kube-system/') && nodeAgents.has(serviceAccount);
}

/** When a pod was first seen with another address of the same family: its network was made anew. */
function movedAt(address: string, first: number, entry: PodEntry | undefined): number {
  let moved = Infinity;
  for (const [other, since] of entry?.addresses ?? []) if (other !== address && since > first && other.includes(':') === address.includes(':')) moved = Math.min(moved, since);
  return moved;
}

interface NodeSeat extends Seat {
  readonly name: string;
}

/**
 * The nodes that have an address, in the order in which they were first seen; those that are certain, if there are any. A
 * node's credentials that are used from a pod's address do not make it the node's.
 */
function nodesOf(seats: ReadonlyMap<string, Seat>): NodeSeat[] {
  const hasCertainPod = [...seats].some(([holder, { isCertain }]) => isCertain && !holder.startsWith('node/'));
  const nodes = [...seats].filter(([holder]) => holder.startsWith('node/')).map(([holder, seat]) => ({ name: holder.slice('node/'.length), ...seat }));
  const certain = nodes.filter(({ isCertain }) => isCertain);
  return (certain.length > 0 || hasCertainPod ? certain : nodes).sort((one, other) => one.first - other.first || (one.name < other.name ? -1 : 1));
}

/** Whether requests of several nodes came from an address at the same time: then something translates them. */
function speakForMany(nodes: readonly NodeSeat[]): boolean {
  return nodes.some(({ isCertain, last }, index) => !isCertain && (nodes[index + 1]?.first ?? Infinity) < last);
}

/** How much of a time a tenure has, in seconds; when it has none, how far it is from it, as a negative number. */
function overlapOf({ first, end }: Tenure, start: number, stop: number): number {
  return Math.min(end, stop) - Math.max(first, start);
}

function mostOf(tenures: readonly Tenure[], start: number, stop: number): Tenure | undefined {
  let most: Tenure | undefined;
  for (const tenure of tenures) if (!most || overlapOf(tenure, start, stop) >= overlapOf(most, start, stop)) most = tenure;
  return most;
}
