import type { OriginDetector } from './detector.ts';

/** What people run by hand, and workloads seldom do. */
const byHand = /^(curl|wget|kubectl|k9s|httpie|python-requests|python-urllib|powershell|mozilla)\b/i;

/** Requests by a program or on a platform this identity never used. */
export const newAgent: OriginDetector = {
  kind: 'origin',
  id: 'new-agent',
  category: 'credential-abuse',
  techniques: ['T1078'],
  check: 'Ask whether it has a new machine or tool',
  innocent: 'A new laptop, an upgraded client or another tool.',
  prior: ({ identity, agent }) => (identity.kind === 'service-account' && byHand.test(agent.family) ? 0.15 : 0.5),
  words: (value) => `used the program ${value}`,
  value: ({ agent }) => agent.family,
};
