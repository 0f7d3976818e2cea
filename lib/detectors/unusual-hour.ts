import type { Circumstance } from './detector.ts';

/** A person at work at an hour at which it seldom is. The baseline keeps its hours (`lib/scoring/hours.ts`). */
export const unusualHour: Circumstance = {
  kind: 'circumstance',
  id: 'unusual-hour',
  category: 'credential-abuse',
  techniques: ['T1078'],
  check: 'Ask whether this person was at work at that hour',
  innocent: 'A night on call, a journey to another time zone.',
};
