import type { EgressDetector } from './detector.ts';

/** Many different services inside that a network rule kept a workload from. `lib/egress/flow-scoring.ts` measures. */
export const insideRefused: EgressDetector = {
  kind: 'egress',
  id: 'inside-refused',
  category: 'mass-discovery',
  techniques: ['T1046'],
  check: 'Find out which program in the workload tries them',
  innocent: 'A security group that was changed under a running workload.',
};
