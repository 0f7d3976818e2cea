import type { BreadthDetector } from './detector.ts';

/** Many kinds of objects, or one kind in many namespaces, listed at once. */
export const listingBreadth: BreadthDetector = {
  kind: 'breadth',
  id: 'listing-breadth',
  category: 'mass-discovery',
  techniques: ['T1613'],
  check: 'Ask whether a new tool or an audit explains it; if not, take the credential as stolen',
  innocent: 'A new dashboard or inventory tool that looks at everything once.',
  prior: { mean: 5, variance: 60 },
  words: (count) => `asked for ${String(count)} different lists of objects`,
  item({ verb, resource, namespace }) {
    return verb === 'list' && resource !== '' ? `${resource} ${namespace}` : undefined;
  },
};
