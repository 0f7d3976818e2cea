import type { ActDetector } from './detector.ts';

/** A tunnel into a pod, by one that does not open such. */
export const portForward: ActDetector = {
  kind: 'act',
  id: 'port-forward',
  category: 'exfil-egress',
  techniques: ['T1572', 'T1090'],
  check: 'Ask what was reached through the tunnel, and whether data was taken',
  detect({ resource, namespace, name, outcome }) {
    if (resource !== 'pods/portforward' || outcome === 'missing') return [];
    if (outcome === 'refused') return [{ value: `${namespace} (refused)`, prior: 0.1, words: `tried to open a tunnel to pod ${name} of ${namespace} and was refused` }];
    return [{ value: namespace, prior: 0.008, words: `opened a tunnel to pod ${name} of ${namespace}` }];
  },
};
