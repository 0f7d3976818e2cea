import type { BreadthDetector } from './detector.ts';

/** Many different things tried and refused. */
export const refusalsBreadth: BreadthDetector = {
  kind: 'breadth',
  id: 'refusals-breadth',
  category: 'mass-discovery',
  techniques: ['T1613', 'T1069'],
  check: 'See what was tried: an attacker finds out what a credential can do, a broken deployment retries the same thing',
  innocent: 'A new tool or colleague whose rights have not been given yet.',
  evenOfNewcomers: true,
  least: 4,
  prior: { mean: 0.3, variance: 1.2 },
  words: (count) => `tried ${String(count)} different things and was refused`,
  item({ identity, verb, resource, namespace, path, outcome }) {
    if (outcome !== 'refused' || identity.kind === 'failed-authentication') return undefined;
    return resource === '' ? path : `${verb} ${resource} ${namespace}`;
  },
};
