import type { Circumstance } from './detector.ts';

/** Another identity's unusual act gave the means for what this one does (`lib/scoring/leads.ts`). */
export const lead: Circumstance = {
  kind: 'circumstance',
  id: 'lead',
  category: 'lateral-movement',
  techniques: ['T1078', 'T1550.001'],
  check: 'Take all identities of the finding as being in one hand until you know better',
  innocent: 'A colleague who is given rights and uses them at once for what they are meant for.',
};
