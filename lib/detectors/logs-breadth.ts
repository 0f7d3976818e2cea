import type { BreadthDetector } from './detector.ts';

/** The logs of many pods pulled at once. */
export const logsBreadth: BreadthDetector = {
  kind: 'breadth',
  id: 'logs-breadth',
  category: 'exfil-egress',
  techniques: ['T1530', 'T1005'],
  check: 'Find out what these logs hold: tokens and personal data are often in them',
  innocent: 'An engineer who searches the logs of all replicas during an outage.',
  prior: { mean: 0.7, variance: 2.5 },
  words: (count) => `pulled the logs of ${String(count)} different pods`,
  item({ resource, namespace, name, outcome }) {
    return resource === 'pods/log' && outcome === 'ok' ? `${namespace}/${name}` : undefined;
  },
};
