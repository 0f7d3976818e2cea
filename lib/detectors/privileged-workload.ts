import { containersOf, isSensitiveHostPath, objectName, podSpecOf, type PodSpec } from '../audit/pod-spec.ts';
import type { Act, ActDetector } from './detector.ts';

const dangerousCapabilities = new Set(['ALL', 'SYS_ADMIN', 'SYS_PTRACE', 'SYS_MODULE', 'NET_ADMIN', 'DAC_READ_SEARCH', 'DAC_OVERRIDE', 'SYS_RAWIO', 'SYS_BOOT', 'SYS_CHROOT', 'NET_RAW', 'BPF', 'PERFMON', 'SETUID', 'SETGID']);

/** A pod, or something that makes pods, that can break out to its node. */
export const privilegedWorkload: ActDetector = {
  kind: 'act',
  id: 'privileged-workload',
  category: 'privilege-escalation',
  techniques: ['T1611', 'T1610'],
  check: 'Delete the workload unless its owner can say why it needs the node; then look for what ran on that node',
  innocent: 'A new storage driver or monitoring agent, which does need its node.',
  detect(request) {
    const spec = podSpecOf(request);
    if (!spec || request.outcome === 'missing' || request.outcome === 'failed') return [];
    const refused = request.outcome === 'refused';
    const actOf = (powers: readonly string[], grade: string, prior: number): Act[] => powers.length === 0 ? [] : [{
      value: `${powers.join(', ')} in ${request.namespace}${refused ? ' (refused)' : ''}`,
      grade,
      prior: refused ? prior * 3 : prior,
      words: `${refused ? 'tried to make' : 'made'} the workload ${objectName(request)} in ${request.namespace} with power over its node (${powers.join(', ')})${refused ? ' and was refused' : ''}`,
    }];
    return [...actOf(greatPowers(spec), 'great', 0.002), ...actOf(lesserPowers(spec), 'lesser', 0.02)];
  },
};

function greatPowers(spec: PodSpec): string[] {
  const all = containersOf(spec);
  const capabilities = all.flatMap(({ securityContext }) => securityContext?.capabilities?.add ?? []);
  const paths = hostPaths(spec).filter(isSensitiveHostPath);
  return [
    ...(all.some(({ securityContext }) => securityContext?.privileged === true) ? ['privileged'] : []),
    ...(spec.hostPID === true ? ['host processes'] : []),
    ...(spec.hostNetwork === true ? ['host network'] : []),
    ...(spec.hostIPC === true ? ['host IPC'] : []),
    ...(capabilities.some((name) => dangerousCapabilities.has(name.replace(/^CAP_/i, '').toUpperCase())) ? ['dangerous capabilities'] : []),
    ...(paths.length > 0 ? [`host path ${paths[0] ?? ''}`] : []),
  ];
}

function lesserPowers(spec: PodSpec): string[] {
  const paths = hostPaths(spec).filter((path) => !isSensitiveHostPath(path));
  return [
    ...(containersOf(spec).some(({ securityContext }) => securityContext?.allowPrivilegeEscalation === true) ? ['may gain privileges'] : []),
    ...(spec.shareProcessNamespace === true ? ['shared processes'] : []),
    ...(paths.length > 0 ? [`host path ${paths[0] ?? ''}`] : []),
  ];
}

function hostPaths(spec: PodSpec): string[] {
  return (spec.volumes ?? []).flatMap(({ hostPath }) => (hostPath ? [hostPath.path] : []));
}
