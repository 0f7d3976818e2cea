import type { EgressDetector } from './detector.ts';

/** Far more sent outside within minutes than ever before. `lib/egress/flow-scoring.ts` measures. */
export const egressVolume: EgressDetector = {
  kind: 'egress',
  id: 'egress-volume',
  category: 'exfil-egress',
  techniques: ['T1048', 'T1041'],
  check: 'See which data the workload can reach, and to whom it was sent',
  innocent: 'A first full export, or a migration of data.',
};
