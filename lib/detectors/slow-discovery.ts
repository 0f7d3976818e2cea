import type { Circumstance } from './detector.ts';

/**
 * Many sorts of things that an identity never looked at, within a day, however slowly. What it looks at is in its
 * baseline's habits; `lib/scoring/slow-breadth.ts` counts.
 */
export const slowDiscovery = {
  kind: 'circumstance',
  id: 'slow-discovery',
  category: 'mass-discovery',
  techniques: ['T1613', 'T1069'],
  check: 'Ask who runs this identity whether a new release looks at more than before',
  innocent: 'A new release of a controller that watches more kinds of objects.',
  words: (count: number) => `looked within a day at ${String(count)} sorts of things that it never looked at before`,
} as const satisfies Circumstance & Record<string, unknown>;
