import type { OriginDetector } from './detector.ts';

/** Requests from a network this identity was never seen in. */
export const newNetwork: OriginDetector = {
  kind: 'origin',
  id: 'new-network',
  category: 'credential-abuse',
  techniques: ['T1078'],
  check: 'Ask whether it moved: a trip, a new office, a new address of a gateway',
  innocent: 'A business trip, a new office or another provider.',
  prior: () => 0.5,
  words: (value) => `came from the network ${value}`,
  value: ({ network }) => network.block,
};
