import { objectName } from '../audit/pod-spec.ts';
import { changeDetector } from './change.ts';

/** A node joined or removed by one that does not handle nodes. */
export const nodeChange = changeDetector({
  id: 'node-change',
  category: 'persistence',
  techniques: ['T1133', 'T1562'],
  check: 'See whether the node is one of yours',
  innocent: 'An operator who removes a broken node by hand.',
  resource: /^nodes$/,
  verbs: ['create', 'delete', 'deletecollection'],
  prior: 0.005,
  words: 'a node',
  // Each node makes its own entry.
  when: (request) => request.username !== `system:node:${objectName(request)}`,
});
