import type { EgressDetector } from './detector.ts';

/** A service outside on a port that a workload never used. `lib/egress/flow-scoring.ts` measures. */
export const egressPort: EgressDetector = {
  kind: 'egress',
  id: 'egress-port',
  category: 'exfil-egress',
  techniques: ['T1571'],
  check: 'Ask what speaks on that port',
  innocent: 'A new client library that speaks another protocol.',
};
