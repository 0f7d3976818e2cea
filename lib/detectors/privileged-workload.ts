import { containersOf, podSpecOf, type PodSpec } from '../audit/pod-spec.ts';
import type { ActDetector } from './detector.ts';

const dangerousCapabilities = new Set(['ALL', 'SYS_ADMIN', 'SYS_PTRACE', 'SYS_MODULE', 'NET_ADMIN', 'DAC_READ_SEARCH', 'SYS_RAWIO', 'BPF']);
const sensitiveHostPath = /^\/(?:|etc|root|home|proc|sys|dev|boot|usr|var|var\/run|run|var\/lib|var\/lib\/(?:kubelet|docker|containerd|etcd)|etc\/kubernetes)(?:\/.*)?$/;

/** A pod, or something that makes pods, that can break out to its node. */
export const privilegedWorkload: ActDetector = {
  kind: 'act',
  id: 'privileged-workload',
  category: 'privilege-escalation',
  techniques: ['T1611', 'T1610'],
  check: 'Delete it unless its owner can say why it needs the node; then look for what ran on that node',
  detect(request) {
    if (request.outcome !== 'ok') return [];
    const spec = podSpecOf(request);
    const powers = spec ? powersOf(spec) : [];
    if (powers.length === 0) return [];
    return [{ value: `${powers.join(', ')} in ${request.namespace}`, prior: 0.002, words: `made a workload with power over its node in ${request.namespace} (${powers.join(', ')})` }];
  },
};

function powersOf(spec: PodSpec): string[] {
  const all = containersOf(spec);
  const capabilities = all.flatMap(({ securityContext }) => securityContext?.capabilities?.add ?? []);
  const paths = (spec.volumes ?? []).flatMap(({ hostPath }) => (hostPath && sensitiveHostPath.test(hostPath.path) ? [hostPath.path] : []));
  return [
    ...(all.some(({ securityContext }) => securityContext?.privileged === true) ? ['privileged'] : []),
    ...(spec.hostPID === true ? ['host processes'] : []),
    ...(spec.hostNetwork === true ? ['host network'] : []),
    ...(spec.hostIPC === true ? ['host IPC'] : []),
    ...(capabilities.some((name) => dangerousCapabilities.has(name.replace(/^CAP_/, ''))) ? ['dangerous capabilities'] : []),
    ...(paths.length > 0 ? [`host path ${paths[0] ?? ''}`] : []),
  ];
}
