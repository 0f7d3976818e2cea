import type { EgressDetector } from './detector.ts';

/** Traffic to an address that somebody has listed as bad. `lib/egress/flow-scoring.ts` measures. */
export const listedDestination: EgressDetector = {
  kind: 'egress',
  id: 'listed-destination',
  category: 'exfil-egress',
  techniques: ['T1071', 'T1041'],
  check: 'Stop the workload, and see what it sent',
  innocent: 'A shared server whose address a bad one had before.',
};
