import { stableName } from '../audit/names.ts';
import type { BreadthDetector } from './detector.ts';

/** Many different secrets read at once. */
export const secretsBreadth: BreadthDetector = {
  kind: 'breadth',
  id: 'secrets-breadth',
  category: 'credential-abuse',
  techniques: ['T1552.007', 'T1555'],
  check: 'Treat all secrets that it read in this time as stolen until you know why; the evidence may not show the first ones',
  innocent: 'A move to another secret store, or a backup\'s first run.',
  prior: { mean: 0.3, variance: 1.5 },
  words: (count) => `read ${String(count)} different secrets`,
  item({ verb, resource, namespace, name, outcome }) {
    return resource === 'secrets' && outcome === 'ok' && verb === 'get' ? `${namespace}/${stableName(name)}` : undefined;
  },
};
