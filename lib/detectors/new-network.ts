import type { OriginDetector } from './detector.ts';

/** Requests from a network this identity was never seen in. */
export const newNetwork: OriginDetector = {
  kind: 'origin',
  id: 'new-network',
  category: 'credential-abuse',
  techniques: ['T1078'],
  check: 'Ask whether it now leaves by another address',
  checkBy: {
    person: 'Ask where this person was: a trip, a new office, another VPN?',
    role: 'Did the pipeline\'s runners move, or does somebody else have its credential?',
    'service-account': 'Did its pods move to another network or gateway? If not, its token is used elsewhere',
    node: 'Is that the node\'s own network? If not, its credential was taken off it',
    anonymous: 'Find out whose address that is; close the public endpoint to it',
    'failed-authentication': 'Find out whose address that is; close the public endpoint to it',
  },
  innocent: 'A business trip, a new office or another provider.',
  prior: () => 0.5,
  words: (value) => `came from a new network (${value})`,
  value: ({ network }) => network.block,
};
