import type { Circumstance } from './detector.ts';

/**
 * Many secrets that an identity never read, within a day, however slowly. What it reads is in its baseline's traits;
 * `lib/scoring/slow-breadth.ts` counts.
 */
export const slowTheft = {
  kind: 'circumstance',
  id: 'slow-theft',
  category: 'credential-abuse',
  techniques: ['T1552.007', 'T1555'],
  check: 'Treat all secrets that it read within the day as stolen until you know why',
  innocent: 'An operator that takes over more applications, one after the other.',
  words: (count: number) => `read within a day ${String(count)} secrets, or all of a namespace, that it never read before`,
} as const satisfies Circumstance & Record<string, unknown>;
