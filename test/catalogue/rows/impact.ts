import type { Row } from '../row.ts';

/** What peers detect of impact. */
export const impact: readonly Row[] = [
  { id: 'coredns-modified', finds: 'The cluster\'s DNS settings changed', peers: ['EL', 'GC', 'DF', 'TM'], detectors: ['dns-change'] },
  { id: 'workload-deleted', finds: 'A workload or a namespace deleted', peers: ['SI', 'FA', 'EL', 'TM'], detectors: ['deletions-breadth', 'namespace-deletion', 'daemonset-change', 'collection-deletion'], note: 'A namespace; one deployment or pod is everyday work, many at once are counted' },
  { id: 'mining-image-or-name', finds: 'A workload that looks like a miner', peers: ['DF', 'GC'], detectors: ['mining-workload'] },
  { id: 'mining-egress', finds: 'Traffic to a mining pool', peers: ['GD', 'PA', 'GC', 'TM'], detectors: [], unseen: 'names', note: '`mining-pool-name`; by lists `listed-destination`' },
  { id: 'workload-resource-anomaly', finds: 'A process that uses far more of the machine than usual', peers: ['SP', 'TM'], detectors: [], unseen: 'runtime' },
  { id: 'cluster-deleted', finds: 'The whole cluster deleted', peers: ['SI'], detectors: [], unseen: 'watched' },
  { id: 'outbound-dos-or-spam', finds: 'A node that floods others or sends spam', peers: ['GD'], detectors: [], unseen: 'network' },
  { id: 'inbound-or-http-anomaly', finds: 'Unusual requests to an application', peers: ['CA', 'SP'], detectors: [], unseen: 'network' },
  { id: 'eks-attack-sequence', finds: 'Several things that together are an attack', peers: ['GD'], detectors: ['exec', 'secret-read', 'permission-change', 'token-request', 'privileged-workload', 'daemonset-change', 'system-account-creation', 'network-policy-change', 'rules-review'] },
];
