import type { Row } from '../row.ts';

/** What peers detect of execution. */
export const execution: readonly Row[] = [
  { id: 'pod-exec-any', finds: 'A command run in a pod', peers: ['FA', 'EL', 'SI', 'PA', 'DD', 'TM'], detectors: ['exec'] },
  { id: 'pod-attach', finds: 'Somebody attaches to a running container', peers: ['FA', 'DD'], detectors: ['exec'] },
  { id: 'exec-in-kube-system', finds: 'A command run among the cluster\'s own pods', peers: ['GD', 'GC'], detectors: ['exec'] },
  { id: 'exec-anomalous', finds: 'A command run in a pod in a way that is unusual for the identity', peers: ['GD'], detectors: ['exec'] },
  { id: 'exec-first-by-user', finds: 'Somebody\'s first command in a pod', peers: ['DD'], detectors: ['exec'] },
  { id: 'exec-reverse-shell', finds: 'A command in a pod that opens a shell to somewhere else', peers: ['EL'], detectors: ['exec'] },
  { id: 'exec-download', finds: 'A command in a pod that fetches something from outside', peers: ['EL'], detectors: ['exec'] },
  { id: 'exec-shell-or-tool', finds: 'A shell or an interpreter started in a pod', peers: ['SI', 'TM'], detectors: ['exec'] },
  { id: 'workload-anomalous', finds: 'A workload made in a way that is unusual for the identity', peers: ['GD'], detectors: ['workload-change', 'new-image'] },
  { id: 'reverse-shell-pod-spec', finds: 'A pod made to open a shell to somewhere else', peers: ['GC'], detectors: ['hostile-workload'] },
  { id: 'disallowed-image', finds: 'An image from a publisher that nobody expects', peers: ['FA', 'SP'], detectors: ['new-image'], note: 'By publisher' },
  { id: 'new-image-name', finds: 'An image never used before', peers: ['SP'], detectors: ['new-image'], note: 'By publisher' },
  { id: 'forbidden-create', finds: 'Something made, and refused', peers: ['EL', 'SP'], detectors: ['privileged-workload', 'permission-change', 'token-request', 'secret-change', 'refusals-breadth'], note: 'What admission refuses; what authorization refuses is logged without its body, and counted' },
  { id: 'deployment-patched', finds: 'A deployment patched', peers: ['SI', 'TM'], detectors: ['workload-change', 'new-image'] },
  { id: 'in-pod-api-call-joined', finds: 'A process in a pod that calls the API', peers: ['EL'], detectors: [], unseen: 'runtime' },
  { id: 'object-lifecycle-log', finds: 'A deployment, service or config map made or deleted', peers: ['FA'], detectors: ['workload-change', 'new-image'] },
];
