import type { OriginDetector } from './detector.ts';

/** Requests by a program or on a platform this identity never used. */
export const newAgent: OriginDetector = {
  kind: 'origin',
  id: 'new-agent',
  category: 'credential-abuse',
  techniques: ['T1078'],
  check: 'Ask whether it has a new machine or tool',
  innocent: 'A new laptop, an upgraded client or another tool.',
  prior: 0.5,
  words: (value) => `used the program ${value}`,
  value: ({ agent }) => agent.family,
};
