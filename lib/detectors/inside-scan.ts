import type { EgressDetector } from './detector.ts';

/** Many different services inside asked within minutes. `lib/egress/flow-scoring.ts` measures. */
export const insideScan: EgressDetector = {
  kind: 'egress',
  id: 'inside-scan',
  category: 'mass-discovery',
  techniques: ['T1046'],
  check: 'Find out which program in the workload looks around, and stop it',
  innocent: 'A new monitoring tool that probes everything.',
};
