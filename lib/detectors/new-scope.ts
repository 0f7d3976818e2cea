import type { OriginDetector } from './detector.ts';

/** Requests from the internet by one that was only seen inside, or the other way round. */
export const newScope: OriginDetector = {
  kind: 'origin',
  id: 'new-scope',
  category: 'credential-abuse',
  techniques: ['T1078', 'T1528'],
  check: 'Find out how the credential got there; if nobody knows, revoke it',
  innocent: 'A pipeline that moves from a hosted runner into the company\'s own network.',
  prior: () => 0.2,
  words: (value) => (value === 'public' ? 'came from the internet' : `came from a ${value} address`),
  // People are at home and away on the internet alike.
  value: ({ identity, network }) => (identity.kind === 'person' ? 'anywhere' : network.scope),
};
