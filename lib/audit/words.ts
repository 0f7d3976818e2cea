import type { ApiRequest } from './request.ts';

/** Groups of Kubernetes itself: their kinds are known by their names alone. Source: https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.33/ */
const ownGroups = new Set(
  ('apps batch policy autoscaling extensions admissionregistration.k8s.io apiextensions.k8s.io apiregistration.k8s.io ' +
    'authentication.k8s.io authorization.k8s.io certificates.k8s.io coordination.k8s.io discovery.k8s.io events.k8s.io ' +
    'flowcontrol.apiserver.k8s.io networking.k8s.io node.k8s.io rbac.authorization.k8s.io scheduling.k8s.io storage.k8s.io').split(' '),
);

const past: Readonly<Record<string, string>> = {
  get: 'read', list: 'listed', watch: 'watched', create: 'created', update: 'updated', patch: 'patched', delete: 'deleted', deletecollection: 'deleted all', open: 'opened',
};
const present: Readonly<Record<string, string>> = { get: 'read', deletecollection: 'delete all' };
/** What is asked by creating it. */
const question = /^(?:authorization|authentication)\.k8s\.io\/\w+reviews$/;

/** A resource as `ApiRequest` has it, in parts; a group has a point in it or is one of Kubernetes' own. */
function partsOf(resource: string): { group: string; kind: string; part: string } {
  const [first = '', second = '', third = ''] = resource.split('/');
  if (third !== '' || first.includes('.') || ownGroups.has(first)) return { group: first, kind: second, part: third };
  return { group: '', kind: first, part: second };
}

/** Gives a resource's kind as kubectl names it: `deployments` of `apps/deployments/scale`, `policies.kyverno.io` of `kyverno.io/policies`. */
export function kindWords(resource: string): string {
  const { group, kind } = partsOf(resource);
  return group === '' || ownGroups.has(group) ? kind : `${kind}.${group}`;
}

/** Gives a resource without the group where that is Kubernetes' own: `deployments/scale` of `apps/deployments/scale`. */
export function shortResource(resource: string): string {
  const { part } = partsOf(resource);
  return `${kindWords(resource)}${part === '' ? '' : `/${part}`}`;
}

/** Says in words what a request is about: `the scale of deployments/cart in shop`; the path of one about no resource. */
export function objectWords({ resource, namespace, name, path }: Pick<ApiRequest, 'resource' | 'namespace' | 'name' | 'path'>): string {
  if (resource === '') return path;
  const { part } = partsOf(resource);
  return `${part === '' ? '' : `the ${part} of `}${kindWords(resource)}${name === '' ? '' : `/${name}`}${namespace === '' ? '' : ` in ${namespace}`}`;
}

/** Says a verb of the Kubernetes API of what was done: `listed`. */
export function didWord(verb: string, resource: string): string {
  if (verb === 'create' && question.test(resource)) return 'sent';
  return Object.hasOwn(past, verb) ? (past[verb] ?? verb) : `did ${verb}`;
}

/** Says a verb of the Kubernetes API of what was tried: `list`. */
export function doWord(verb: string, resource: string): string {
  if (verb === 'create' && question.test(resource)) return 'send';
  return Object.hasOwn(present, verb) ? (present[verb] ?? verb) : verb;
}
