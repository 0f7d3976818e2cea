import type { ActDetector } from './detector.ts';

/** A token made for a service account by one that does not make such tokens. */
export const tokenRequest: ActDetector = {
  kind: 'act',
  id: 'token-request',
  category: 'credential-abuse',
  techniques: ['T1528', 'T1098'],
  check: 'Look at what the service account may do, and delete and recreate it to make its tokens invalid',
  innocent: 'An engineer who makes a token to try an application\'s rights.',
  detect({ verb, resource, namespace, name, outcome }) {
    if (verb !== 'create' || resource !== 'serviceaccounts/token') return [];
    const refused = outcome === 'ok' ? '' : ' (refused)';
    return [{ value: `${namespace}/${name}${refused}`, prior: outcome === 'ok' ? 0.02 : 0.05, words: `asked for a token of the service account ${namespace}/${name}${refused}` }];
  },
};
