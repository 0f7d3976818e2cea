import { isSystemNamespace } from '../audit/names.ts';
import { changeDetector } from './change.ts';

/** A service account made by one that does not make them. */
export const serviceAccountCreation = changeDetector({
  id: 'service-account-creation',
  category: 'persistence',
  techniques: ['T1136'],
  check: 'See which rights it has been given, and by whom',
  innocent: 'A new application that is installed.',
  resource: /^serviceaccounts$/,
  verbs: ['create'],
  prior: 0.05,
  words: 'a service account',
  when: ({ namespace }) => !isSystemNamespace(namespace),
});
