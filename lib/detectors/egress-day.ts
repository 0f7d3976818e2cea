import type { EgressDetector } from './detector.ts';

/** Far more sent outside within a day than ever before, however slowly. `lib/egress/flow-scoring.ts` measures. */
export const egressDay: EgressDetector = {
  kind: 'egress',
  id: 'egress-day',
  category: 'exfil-egress',
  techniques: ['T1030', 'T1048'],
  check: 'See which data the workload can reach, and to whom it was sent over the day',
  innocent: 'A backfill that runs all day.',
};
