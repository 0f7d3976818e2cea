import { objectName } from '../audit/pod-spec.ts';
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
  // Kubernetes keeps these names to itself.
  grave: { grade: 'system', prior: 0.005, words: 'a namespace named like one of the cluster\'s own', when: (request) => objectName(request).startsWith('kube-') },
});
