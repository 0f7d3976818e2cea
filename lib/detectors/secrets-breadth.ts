import type { BreadthDetector } from './detector.ts';

/** Many different secrets read at once. */
export const secretsBreadth: BreadthDetector = {
  kind: 'breadth',
  id: 'secrets-breadth',
  category: 'credential-abuse',
  techniques: ['T1552.007', 'T1555'],
  check: 'Treat all secrets in the evidence as stolen until you know why they were read',
  prior: { mean: 0.3, variance: 1.5 },
  words: (count) => `read ${String(count)} different secrets`,
  item({ verb, resource, namespace, name, outcome }) {
    return resource === 'secrets' && outcome === 'ok' && ['get', 'list'].includes(verb) ? `${namespace}/${name}` : undefined;
  },
};
