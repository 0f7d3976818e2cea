import type { Row } from '../row.ts';

/** What no peer detects. */
export const extra: readonly Row[] = [
  { id: 'extra-psa-label-downgrade', finds: 'A namespace\'s pod security loosened', peers: [], detectors: ['pod-security-change'] },
  { id: 'extra-admission-policy-removed', finds: 'An admission policy removed', peers: [], detectors: ['admission-change'] },
  { id: 'extra-pods-services-proxy', finds: 'A pod or service reached through the API server', peers: [], detectors: ['proxy'] },
  { id: 'extra-mass-deletion', finds: 'Many objects deleted in a short time', peers: [], detectors: ['deletions-breadth', 'collection-deletion'] },
];
