import { changeDetector } from './change.ts';

/** A namespace deleted with all that is in it. */
export const namespaceDeletion = changeDetector({
  id: 'namespace-deletion',
  category: 'impact',
  techniques: ['T1485'],
  check: 'Restore it from a backup if nobody asked for this',
  innocent: 'A project that ended and is taken down.',
  resource: /^namespaces$/,
  verbs: ['delete', 'deletecollection'],
  prior: 0.005,
  words: 'a whole namespace',
});
