import type { Row } from '../row.ts';

/** What peers detect of persistence. */
export const persistence: readonly Row[] = [
  { id: 'admission-webhook-change', finds: 'An admission webhook made or changed', peers: ['EL', 'SI', 'PA', 'DD', 'DF', 'GC', 'TM', 'BP'], detectors: ['admission-change'] },
  { id: 'csr-created-or-approved', finds: 'A certificate asked for or approved by hand', peers: ['EL', 'PA', 'SR', 'GC'], detectors: ['certificate-request'] },
  { id: 'csr-self-approved', finds: 'A certificate asked for and approved by the same hand', peers: ['EL'], detectors: ['certificate-request'] },
  { id: 'aws-auth-modified', finds: 'The map of AWS roles to rights changed', peers: ['EL', 'SR', 'BP'], detectors: ['role-mapping-change'] },
  { id: 'eks-access-entry-change', finds: 'An EKS access entry changed', peers: ['EL', 'SR'], detectors: [], unseen: 'watched' },
  { id: 'eks-admin-policy-granted', finds: 'EKS\'s administrator policy given to somebody', peers: ['EL', 'SR'], detectors: [], unseen: 'watched' },
  { id: 'sa-created-kube-ns', finds: 'A service account made among the cluster\'s own', peers: ['FA', 'DD', 'GC'], detectors: ['system-account-creation'] },
  { id: 'sa-created-any', finds: 'A service account made or deleted', peers: ['SI', 'FA', 'SR'], detectors: ['service-account-creation', 'system-account-creation'] },
  { id: 'legacy-sa-token-secret', finds: 'A token that never expires, got by making a secret for it', peers: ['SR'], detectors: ['system-secret-change', 'secret-change'], note: 'As a secret that is written: EKS hides its type' },
  { id: 'cronjob-change', finds: 'A scheduled job made or changed', peers: ['SI', 'PA', 'SP', 'TM'], detectors: ['scheduled-job-change'] },
  { id: 'daemonset-created', finds: 'A workload of every node made', peers: ['PA', 'SP', 'TM'], detectors: ['daemonset-change'] },
  { id: 'workload-change-new-fingerprint', finds: 'A workload written from a new place with a new program', peers: ['EL'], detectors: ['workload-change', 'new-network', 'new-agent'] },
  { id: 'sensitive-mount-anomalous', finds: 'A node\'s directory mounted by one that mounts none', peers: ['GD'], detectors: ['privileged-workload'] },
  { id: 'static-pod', finds: 'A pod that a node started from its own disk', peers: ['GC', 'TM'], detectors: ['static-pod'] },
  { id: 'untrusted-node-joined', finds: 'A node that nobody expects joins', peers: ['FA'], detectors: ['node-change'] },
  { id: 'namespace-created', finds: 'A namespace made', peers: ['FA', 'DD'], detectors: ['namespace-creation'] },
  { id: 'rbac-object-lifecycle', finds: 'A role made or deleted', peers: ['FA', 'BP'], detectors: ['permission-change'] },
];
