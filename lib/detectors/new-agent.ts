import type { OriginDetector } from './detector.ts';

/** What people run by hand, and workloads seldom do. */
const byHand = /^(curl|wget|kubectl|k9s|httpie|python-requests|python-urllib|powershell|mozilla)\b/i;

/** Requests by a program or on a platform this identity never used. */
export const newAgent: OriginDetector = {
  kind: 'origin',
  id: 'new-agent',
  category: 'credential-abuse',
  techniques: ['T1078'],
  check: 'Ask whether it has a new tool',
  checkBy: {
    person: 'Ask whether this person has a new machine or tool',
    role: 'Was the pipeline\'s tool or its image changed?',
    'service-account': 'Was a new version rolled out? If not, somebody uses its token by hand',
    node: 'Was the node\'s image changed? If not, somebody uses its credential by hand',
    anonymous: 'What it calls itself proves nothing: look at what it asked',
    'failed-authentication': 'What it calls itself proves nothing: look at what it asked',
  },
  innocent: 'A new laptop, an upgraded client or another tool.',
  prior: ({ identity, agent }) => (identity.kind === 'service-account' && byHand.test(agent.family) ? 0.15 : 0.5),
  words: (value) => `used a new program (${value})`,
  value: ({ agent }) => agent.family,
};
