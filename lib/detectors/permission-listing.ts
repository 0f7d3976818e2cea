import type { ActDetector } from './detector.ts';

/** Roles and bindings listed: the map of who may do what. */
export const permissionListing: ActDetector = {
  kind: 'act',
  id: 'permission-listing',
  category: 'mass-discovery',
  techniques: ['T1069.003', 'T1087.004'],
  check: 'Ask whether an audit explains it',
  innocent: 'A review of who may do what.',
  detect({ verb, resource, namespace, outcome }) {
    const [, kind = ''] = /^rbac\.authorization\.k8s\.io\/(.+)$/.exec(resource) ?? [];
    if (verb !== 'list' || kind === '' || outcome !== 'ok') return [];
    const scope = namespace === '' ? 'the cluster' : 'a namespace';
    return [{ value: `${kind} of ${scope}`, prior: 0.3, words: `listed the ${kind} of ${namespace === '' ? 'the cluster' : namespace}` }];
  },
};
