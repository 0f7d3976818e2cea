import { isDryRun } from '../audit/dry-run.ts';
import { stableName } from '../audit/names.ts';
import type { BreadthDetector } from './detector.ts';

/** Many different objects deleted at once. */
export const deletionsBreadth: BreadthDetector = {
  kind: 'breadth',
  id: 'deletions-breadth',
  category: 'impact',
  techniques: ['T1485'],
  check: 'Stop it now: take the permission away, then restore from a backup',
  innocent: 'A retired application whose objects are cleaned away at once.',
  prior: { mean: 0.5, variance: 6 },
  words: (count) => `deleted ${String(count)} different objects or collections`,
  item(request) {
    const { verb, resource, namespace, name, outcome } = request;
    if (outcome !== 'ok' || (verb !== 'delete' && verb !== 'deletecollection') || isDryRun(request)) return undefined;
    return `${resource} ${namespace}/${stableName(name)}`;
  },
};
