import { isSystemNamespace } from '../audit/names.ts';
import { changeDetector } from './change.ts';

/** A service account made among the cluster's own. */
export const systemAccountCreation = changeDetector({
  id: 'system-account-creation',
  category: 'persistence',
  techniques: ['T1136', 'T1036'],
  check: 'See which rights it has been given, and by whom',
  innocent: 'A new add-on that is installed into kube-system.',
  resource: /^serviceaccounts$/,
  verbs: ['create'],
  prior: 0.002,
  words: 'a service account among the cluster\'s own',
  when: ({ namespace }) => isSystemNamespace(namespace),
});
