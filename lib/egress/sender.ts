import type { Identity } from '../identity.ts';
import { serviceAccountUser } from '../audit/grants.ts';
import type { Holder, PodHolder } from './address-book.ts';

/** Whoever sends: a workload, or a node where no more is known. */
export interface Sender {
  /** `NAMESPACE/KIND/NAME` or `node/NAME`. */
  readonly workload: string;
  /** Whose credential it has. */
  readonly identity: Identity;
  /** The pods that it can be, as `NAMESPACE/NAME`. */
  readonly pods: readonly string[];
  /** Said where it is not certain who it is; else empty. */
  readonly doubt: string;
}

const mostNamed = 3;

/** Gives who sends from an address, by who holds it. */
export function senderOf(holder: Holder): Sender {
  if (holder.kind === 'pod') return { workload: workloadOf(holder), identity: identityOfPod(holder), pods: [podOf(holder)], doubt: holder.isInferred ? 'whose address it is follows from its network interface alone' : '' };
  const { name, candidates } = holder;
  const named = [...new Set(candidates.map(workloadOf))];
  const more = named.length > mostNamed ? ` and ${String(named.length - mostNamed)} more` : '';
  const doubt = named.length === 0 ? 'only the node is known' : `only the node is known; it may be ${named.slice(0, mostNamed).join(', ')}${more}`;
  return { workload: `node/${name}`, identity: { id: `system:node:${name}`, kind: 'node', peerGroup: 'nodes' }, pods: candidates.map(podOf), doubt };
}

/** A pod whose service account is not known yet goes by its workload. */
function identityOfPod(holder: PodHolder): Identity {
  const { namespace, serviceAccount } = holder;
  if (serviceAccount === undefined) return { id: `workload ${workloadOf(holder)}`, kind: 'service-account', peerGroup: 'workloads' };
  return { id: serviceAccountUser(namespace, serviceAccount), kind: 'service-account', peerGroup: `service accounts named ${serviceAccount}` };
}

function workloadOf({ namespace, workload }: PodHolder): string {
  return `${namespace}/${workload}`;
}

function podOf({ namespace, pod }: PodHolder): string {
  return `${namespace}/${pod}`;
}

/** Gives an address as a sender: nobody knows whose it is. */
export function strangerAt(address: string): Sender {
  return { workload: `address/${address}`, identity: { id: `address ${address}`, kind: 'service-account', peerGroup: 'addresses' }, pods: [], doubt: 'no audit log tells whose address it is' };
}
