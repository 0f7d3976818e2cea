import type { Identity } from '../identity.ts';

/** The state item of an identity. */
export function identityKey(cluster: string, id: string): string {
  return `identity|${cluster}|${id}`;
}

/** Gives the identity that a state item is of. */
export function identityOfKey(cluster: string, key: string): string {
  return key.slice(identityKey(cluster, '').length);
}

/** The state item of a cluster's leads from one identity to another. */
export function leadsKey(cluster: string): string {
  return `leads|${cluster}`;
}

/**
 * The state items of the groups an identity belongs to, the nearest first: its peers, all of its kind, the whole
 * cluster. Nodes and the like are their own peers.
 */
export function groupKeysOf(cluster: string, { kind, peerGroup }: Identity): readonly string[] {
  const ofKind = [`kind|${cluster}|${kind}`, clusterKey(cluster)];
  return kind === 'person' || kind === 'service-account' ? [`peers|${cluster}|${peerGroup}`, ...ofKind] : ofKind;
}

/** The state item of what came last from a cluster. */
export function heartbeatKey(cluster: string): string {
  return `heartbeat|${cluster}`;
}

/** The state item of how far the learning of a cluster's history has come. */
export function learningKey(cluster: string): string {
  return `learning|${cluster}`;
}

/** The state item of what a whole cluster does. */
export function clusterKey(cluster: string): string {
  return `cluster|${cluster}`;
}

/** The state item that lists the clusters a deployment names. */
export const clustersKey = 'clusters';

/** The state items that list clusters it does not name, once something came from them. */
export function metClustersKey(list: number | '*'): string {
  return `${clustersKey}|${String(list)}`;
}
