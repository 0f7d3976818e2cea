import type { Row } from '../row.ts';

/** What peers detect of lateral movement. */
export const lateralMovement: readonly Row[] = [
  { id: 'sa-rare-operation', finds: 'A service account does what it hardly ever does', peers: ['DF'], detectors: ['new-image', 'workload-change', 'secret-read', 'exec', 'permission-change'] },
  { id: 'cloud-identity-abnormal', finds: 'A cloud identity of an add-on acts out of character', peers: ['DF'], detectors: [], unseen: 'azure' },
  { id: 'port-forward', finds: 'A tunnel opened to a pod', peers: ['FA'], detectors: ['port-forward'] },
  { id: 'new-workload-edge', finds: 'Two workloads talk that never talked before', peers: ['SP', 'TM'], detectors: [], unseen: 'network' },
  { id: 'workload-edge-volume', finds: 'Two workloads exchange far more than usual', peers: ['SP'], detectors: [], unseen: 'network' },
  { id: 'ssh-from-workload', finds: 'SSH from or to a pod or node', peers: ['GD', 'PA', 'CA'], detectors: [], unseen: 'traffic', note: '`egress-port` to outside' },
];
