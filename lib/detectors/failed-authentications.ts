import type { BreadthDetector } from './detector.ts';

/** A burst of made-up or expired tokens. */
export const failedAuthentications: BreadthDetector = {
  kind: 'breadth',
  id: 'failed-authentications',
  category: 'credential-abuse',
  techniques: ['T1110'],
  check: 'See whether a workload of yours uses an expired token; else close the endpoint to this address',
  innocent: 'A pipeline that keeps trying with a token that ran out.',
  prior: { mean: 2, variance: 25 },
  words: (count) => `was turned away ${String(count)} times with invalid tokens`,
  item({ identity, auditId, order }) {
    // A caller may give all its requests one audit id.
    return identity.kind === 'failed-authentication' ? `${auditId} ${order}` : undefined;
  },
};
