/** Namespaces that hold the cluster's own machinery. */
const systemNamespaces = new Set(['kube-system', 'kube-public', 'kube-node-lease']);

/** Whether a namespace belongs to the cluster itself. */
export function isSystemNamespace(namespace: string): boolean {
  return systemNamespaces.has(namespace);
}

/**
 * Gives a name without the endings that generators add, so that each new one counts as the same: the hashes of
 * ReplicaSets and pods, Helm's release versions, job times.
 */
export function stableName(name: string): string {
  return name
    .replace(/(-[a-f0-9]{8,10})?-[bcdfghjklmnpqrstvwxz2456789]{5}$/, '-*')
    .replace(/^(sh\.helm\.release\.v1\..+)\.v\d+$/, '$1.v*')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '*')
    .replace(/\d{4,}/g, '#');
}
