import { changeDetector } from './change.ts';

/** A network policy was loosened or deleted. */
export const networkPolicyChange = changeDetector({
  id: 'network-policy-change',
  category: 'defense-evasion',
  techniques: ['T1562.007'],
  check: 'Put the policy back if nobody asked for this',
  innocent: 'An application gets a new neighbour, and its policy a new rule.',
  resource: /^(networking\.k8s\.io|crd\.projectcalico\.org|cilium\.io)\/(clusterwide|global)?networkpolicies$|^cilium\.io\/cilium(clusterwide)?networkpolicies$/,
  verbs: ['update', 'patch', 'delete', 'deletecollection'],
  prior: 0.003,
  words: 'a network policy',
});
