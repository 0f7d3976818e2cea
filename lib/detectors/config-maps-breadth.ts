import { stableName } from '../audit/names.ts';
import type { BreadthDetector } from './detector.ts';

/** Many different config maps read at once: passwords are often in them. */
export const configMapsBreadth: BreadthDetector = {
  kind: 'breadth',
  id: 'config-maps-breadth',
  category: 'credential-abuse',
  techniques: ['T1552.007', 'T1005'],
  check: 'See what these config maps hold: addresses and passwords of databases are often in them',
  innocent: 'A new release of a controller that reads the settings of all applications.',
  prior: { mean: 1, variance: 6 },
  words: (count) => `read ${String(count)} different config maps`,
  item({ verb, resource, namespace, name, outcome }) {
    return resource === 'configmaps' && outcome === 'ok' && verb === 'get' ? `${namespace}/${stableName(name)}` : undefined;
  },
};
