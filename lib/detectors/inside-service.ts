import type { EgressDetector } from './detector.ts';

/** A database, an API server or a kubelet inside that a workload never spoke to. `lib/egress/flow-scoring.ts` measures. */
export const insideService: EgressDetector = {
  kind: 'egress',
  id: 'inside-service',
  category: 'lateral-movement',
  techniques: ['T1021', 'T1210'],
  check: 'Ask whether the workload needs it',
  innocent: 'A new release that uses another database.',
};
