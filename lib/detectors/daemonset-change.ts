import { changeDetector } from './change.ts';

/** A workload of every node made or deleted. */
export const daemonsetChange = changeDetector({
  id: 'daemonset-change',
  category: 'persistence',
  techniques: ['T1543', 'T1562.001'],
  check: 'See what it runs on every node, or what no longer runs there: agents that watch for attacks are DaemonSets',
  innocent: 'A new agent for logs or metrics that is rolled out to every node.',
  resource: /^apps\/daemonsets$/,
  verbs: ['create', 'delete', 'deletecollection'],
  prior: 0.005,
  words: 'a DaemonSet',
});
