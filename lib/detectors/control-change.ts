import { isSystemNamespace } from '../audit/names.ts';
import type { ApiRequest } from '../audit/request.ts';
import type { ActDetector } from './detector.ts';

interface Control {
  readonly resource: RegExp;
  readonly verbs: RegExp;
  readonly prior: number;
  readonly words: string;
  readonly when?: (request: ApiRequest) => boolean;
}

const write = /^(create|update|patch|delete|deletecollection)$/;
const remove = /^(delete|deletecollection)$/;

/** What keeps a cluster honest, or lets an attacker stay: the first that fits a request counts. */
const controls: readonly Control[] = [
  { resource: /^configmaps$/, verbs: write, prior: 0.001, words: 'the map of AWS roles to cluster rights (aws-auth)', when: ({ name, namespace }) => name === 'aws-auth' && namespace === 'kube-system' },
  { resource: /^configmaps$/, verbs: write, prior: 0.003, words: 'the cluster\'s DNS settings', when: ({ name, namespace }) => /^(coredns|kube-dns)/.test(name) && namespace === 'kube-system' },
  { resource: /^admissionregistration\.k8s\.io\//, verbs: write, prior: 0.005, words: 'an admission control' },
  { resource: /^certificates\.k8s\.io\/certificatesigningrequests(\/approval)?$/, verbs: write, prior: 0.01, words: 'a certificate request' },
  { resource: /^networking\.k8s\.io\/networkpolicies$/, verbs: /^(update|patch|delete|deletecollection)$/, prior: 0.003, words: 'a network policy' },
  { resource: /^(events\.k8s\.io\/)?events$/, verbs: remove, prior: 0.002, words: 'events, which show what happened' },
  { resource: /^apps\/daemonsets$/, verbs: /^(create|delete|deletecollection)$/, prior: 0.005, words: 'a workload of every node (DaemonSet)' },
  { resource: /^batch\/cronjobs$/, verbs: /^(create|update|patch)$/, prior: 0.01, words: 'a scheduled job' },
  { resource: /^serviceaccounts$/, verbs: /^create$/, prior: 0.005, words: 'a service account of the cluster\'s own', when: ({ namespace }) => isSystemNamespace(namespace) },
  { resource: /^secrets$/, verbs: /^(create|delete)$/, prior: 0.01, words: 'a secret of the cluster\'s own', when: ({ namespace }) => isSystemNamespace(namespace) },
  { resource: /^pods\/ephemeralcontainers$/, verbs: write, prior: 0.01, words: 'a debugging container in a running pod' },
  { resource: /^nodes$/, verbs: /^(create|delete|deletecollection)$/, prior: 0.02, words: 'a node' },
  { resource: /^services$/, verbs: /^(create|update|patch)$/, prior: 0.005, words: 'a service that can be reached from outside', when: ({ body }) => /^(LoadBalancer|NodePort)$/.test(serviceType(body)) },
  { resource: /^namespaces$/, verbs: remove, prior: 0.005, words: 'a whole namespace' },
];

/** A change to what controls the cluster, by one that does not make such changes. */
export const controlChange: ActDetector = {
  kind: 'act',
  id: 'control-change',
  category: 'defense-evasion',
  techniques: ['T1562', 'T1098'],
  check: 'Compare the object with its last known good version, and undo the change if nobody asked for it',
  detect(request) {
    if (request.outcome !== 'ok') return [];
    const control = controls.find(({ resource, verbs, when }) => resource.test(request.resource) && verbs.test(request.verb) && (when?.(request) ?? true));
    if (!control) return [];
    const where = request.namespace === '' ? '' : ` in ${request.namespace}`;
    return [{ value: `${request.verb} ${request.resource}${where}`, prior: control.prior, words: `changed (${request.verb}) ${control.words}${where}` }];
  },
};

function serviceType(body: unknown): string {
  const type = (body as { spec?: { type?: unknown } | null } | null | undefined)?.spec?.type;
  return typeof type === 'string' ? type : '';
}
