import type { Row } from '../row.ts';

/** What peers detect of discovery. */
export const discovery: readonly Row[] = [
  { id: 'rbac-self-review-list', finds: 'The list of all its own rights asked for', peers: ['SI', 'DD'], detectors: ['rules-review'] },
  { id: 'rbac-self-review-new-ua', finds: 'A workload or node asks for its rights with a new program', peers: ['EL'], detectors: ['rules-review', 'access-question', 'new-agent'] },
  { id: 'rbac-check-anomalous', finds: 'Questions about rights that are unusual for the identity', peers: ['GD'], detectors: ['access-review-breadth', 'access-question', 'rules-review'] },
  { id: 'rbac-check-sensitive-object', finds: 'A question whether it may do grave things', peers: ['GC'], detectors: ['access-question'] },
  { id: 'forbidden-burst-by-user', finds: 'Many things tried by one identity and refused', peers: ['DD', 'EL'], detectors: ['refusals-breadth'] },
  { id: 'forbidden-burst-public-ip', finds: 'Many things tried from one internet address and refused', peers: ['PA'], detectors: ['refusals-breadth', 'failed-authentications'] },
  { id: 'permission-enum-mixed', finds: 'A sweep over many kinds of objects, some allowed and some refused', peers: ['EL'], detectors: ['refusals-breadth', 'listing-breadth'] },
  { id: 'anonymous-scan', finds: 'A caller without credentials tries address after address', peers: ['SP', 'EL', 'BP'], detectors: ['refusals-breadth'] },
  { id: 'multi-resource-recon', finds: 'Many kinds of objects looked at within a minute', peers: ['EL', 'TM'], detectors: ['listing-breadth', 'permission-listing'] },
  { id: 'denied-any', finds: 'A single request refused', peers: ['SI', 'BP'], detectors: ['refusals-breadth'], notYet: 'One refusal is no evidence; five different ones are' },
  { id: 'sa-denied-new-ua', finds: 'A service account refused with a new program', peers: ['EL'], detectors: ['new-agent'] },
  { id: 'forbidden-new-ua', finds: 'Anybody refused with a new program', peers: ['EL'], detectors: ['new-agent'] },
  { id: 'decision-fingerprint-new', finds: 'A new mix of caller, program, and allowed or refused', peers: ['EL'], detectors: ['new-agent', 'anonymous-access'] },
  { id: 'attack-tool-user-agent', finds: 'A tool that is made to attack clusters', peers: ['SI', 'DF'], detectors: ['attack-tool'] },
  { id: 'scanner-image-pulled', finds: 'A scanner\'s image pulled by a node', peers: ['SP'], detectors: [], unseen: 'hidden' },
  { id: 'honeypod-touched', finds: 'A decoy pod or service is talked to', peers: ['CA'], detectors: [], unseen: 'network' },
  { id: 'pod-port-scan', finds: 'Many ports of a neighbour tried', peers: ['GD', 'PA', 'CA', 'TM'], detectors: [], unseen: 'traffic', note: '`inside-scan`, `inside-refused`' },
  { id: 'port-sweep', finds: 'One port tried on many hosts', peers: ['GD'], detectors: [], unseen: 'traffic', note: '`inside-scan`' },
];
