import type { OriginDetector } from './detector.ts';

/** Requests from the internet by one that was only seen inside, or the other way round. */
export const newScope: OriginDetector = {
  kind: 'origin',
  id: 'new-scope',
  category: 'credential-abuse',
  techniques: ['T1078', 'T1528'],
  check: 'Find out how the credential got there; if nobody knows, revoke it',
  checkBy: {
    role: 'Did the pipeline\'s runners move between your own network and a hosted one? If not, revoke its credential',
    anonymous: 'See whether the public endpoint of the cluster has to be open to all',
    'failed-authentication': 'See whether the public endpoint of the cluster has to be open to all',
  },
  innocent: 'A pipeline that moves from a hosted runner into the company\'s own network.',
  prior: () => 0.2,
  words: (value) => (value === 'public' ? 'came from the internet' : `came from a ${value} address`),
  // People are at home and away on the internet alike.
  value: ({ identity, network }) => (identity.kind === 'person' ? 'anywhere' : network.scope),
};
