import { didWord, kindWords } from '../audit/words.ts';
import type { ActDetector } from './detector.ts';

/** What an API server tells anybody by default. Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#discovery-roles */
const publicPath = /^\/(healthz|livez|readyz)(\/|$)|^\/version\/?$/;
/** Keys with which AWS checks tokens of service accounts; some clusters publish them themselves. */
const openIdPath = /^\/(\.well-known\/openid-configuration|openid\/v1\/jwks)$/;

/** A caller without credentials is let in. */
export const anonymousAccess: ActDetector = {
  kind: 'act',
  id: 'anonymous-access',
  category: 'credential-abuse',
  techniques: ['T1190', 'T1078.001'],
  check: 'Delete the binding that names system:anonymous or system:unauthenticated',
  innocent: 'A page of the API server that somebody opened to all on purpose, such as its public keys.',
  detect({ identity, verb, resource, namespace, path, outcome }) {
    if (identity.kind !== 'anonymous' || outcome !== 'ok' || publicPath.test(path)) return [];
    const what = resource === '' ? path : `${resource}${namespace === '' ? '' : ` in ${namespace}`}`;
    return [{ value: `${verb} ${what}`, prior: openIdPath.test(path) ? 0.3 : 1e-7, words: `was let in without credentials and ${didWord(verb, resource)} ${resource === '' ? path : `${kindWords(resource)}${namespace === '' ? ' of the cluster' : ` in ${namespace}`}`}` }];
  },
};
