import { changeDetector } from './change.ts';

/** A namespace made by one that does not make them. */
export const namespaceCreation = changeDetector({
  id: 'namespace-creation',
  category: 'persistence',
  techniques: ['T1036'],
  check: 'See what is put into it',
  innocent: 'The first preview environment, or a new team\'s namespace.',
  resource: /^namespaces$/,
  verbs: ['create'],
  prior: 0.05,
  words: 'a namespace',
});
