import type { Row } from '../row.ts';

/** What peers detect of defence evasion. */
export const defenceEvasion: readonly Row[] = [
  { id: 'k8s-events-deleted', finds: 'Kubernetes\' own events deleted', peers: ['EL', 'SI', 'DF', 'TM'], detectors: ['event-deletion'], note: 'Through `events.k8s.io`; what goes through the core group is not logged' },
  { id: 'pod-masquerading-name', finds: 'A pod named like a part of the cluster', peers: ['GC', 'TM'], detectors: ['hostile-workload'] },
  { id: 'pod-in-system-ns', finds: 'A workload made among the cluster\'s own', peers: ['FA', 'SI', 'PA', 'DD', 'SP', 'DF', 'GC'], detectors: ['workload-change'] },
  { id: 'pod-in-default-ns', finds: 'A pod made in the namespace default', peers: ['SP', 'PA'], detectors: ['workload-change', 'new-image'] },
  { id: 'csr-deleted-by-hand', finds: 'A certificate request deleted by hand', peers: ['GC'], detectors: ['certificate-request'] },
  { id: 'eks-logging-disabled', finds: 'The cluster\'s logging turned off', peers: ['EL'], detectors: [], unseen: 'watched' },
  { id: 'flow-or-dns-logs-removed', finds: 'Flow or DNS logs turned off', peers: ['EL', 'PA', 'DD'], detectors: [], unseen: 'watched' },
  { id: 'network-policy-change', finds: 'A network policy changed or deleted', peers: ['SI'], detectors: ['network-policy-change'] },
  { id: 'breakglass-deploy', finds: 'A workload let past the check of image signatures', peers: ['GC'], detectors: ['break-glass'] },
  { id: 'unapproved-resolver', finds: 'Names asked of another resolver', peers: ['PA', 'GD'], detectors: [], unseen: 'traffic', note: '`egress-port`, where it never asked outside' },
];
