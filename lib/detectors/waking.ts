import type { Circumstance } from './detector.ts';

/** An identity that was not seen for weeks is active again. The baseline keeps when it was seen (`lib/scoring/waking.ts`). */
export const waking: Circumstance = {
  kind: 'circumstance',
  id: 'waking',
  category: 'credential-abuse',
  techniques: ['T1078'],
  check: 'Find out who had a reason to use an identity that nobody used for weeks',
  checkBy: { person: 'Was this person away for weeks, and is back?' },
  innocent: 'Somebody back from a long holiday, a yearly job.',
};
