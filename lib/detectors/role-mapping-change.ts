import { anyWrite, changeDetector } from './change.ts';

/** The map of AWS roles to cluster rights (aws-auth) changed. */
export const roleMappingChange = changeDetector({
  id: 'role-mapping-change',
  category: 'persistence',
  techniques: ['T1098', 'T1078.004'],
  check: 'Compare aws-auth with its last known good version: a role that was added is a way back in',
  innocent: 'A new team\'s role, or a new group of nodes, added to the map.',
  resource: /^configmaps$/,
  verbs: anyWrite,
  prior: 0.001,
  words: 'the map of AWS roles to cluster rights',
  when: ({ name, namespace }) => name === 'aws-auth' && namespace === 'kube-system',
});
