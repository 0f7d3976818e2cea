import type { EgressDetector } from './detector.ts';

/** Much sent to somewhere outside where a workload never sent anything. `lib/egress/flow-scoring.ts` measures. */
export const egressDestination: EgressDetector = {
  kind: 'egress',
  id: 'egress-destination',
  category: 'exfil-egress',
  techniques: ['T1567', 'T1048'],
  check: 'Find out whose address that is and what was sent; if nobody knows, stop the workload and keep its disk',
  innocent: 'A new release that sends its logs or backups to another vendor.',
};
