import * as z from 'zod';
import { isCreation } from '../audit/request.ts';
import { changeDetector } from './change.ts';

const rules = z.array(z.record(z.string(), z.unknown())).nullish().catch(undefined);
const policy = z.object({ spec: z.object({ ingress: rules, egress: rules }) });

/** A network policy was changed or deleted, or one made that lets everything through. */
export const networkPolicyChange = changeDetector({
  id: 'network-policy-change',
  category: 'defense-evasion',
  techniques: ['T1562.007'],
  check: 'Put the policy back if nobody asked for this',
  innocent: 'An application gets a new neighbour, and its policy a new rule.',
  resource: /^(networking\.k8s\.io|crd\.projectcalico\.org|cilium\.io)\/(clusterwide|global)?networkpolicies$|^cilium\.io\/cilium(clusterwide)?networkpolicies$/,
  verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'],
  prior: 0.003,
  words: 'a network policy',
  when: (request) => !isCreation(request) || allowsAll(request.body),
});

/** A rule without conditions fits all traffic. Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/ */
function allowsAll(body: unknown): boolean {
  const { ingress, egress } = policy.safeParse(body).data?.spec ?? {};
  return [...(ingress ?? []), ...(egress ?? [])].some((rule) => Object.keys(rule).length === 0);
}
