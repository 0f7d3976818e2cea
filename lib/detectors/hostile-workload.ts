import { commandKinds, type CommandKind } from '../audit/commands.ts';
import { isSystemNamespace } from '../audit/names.ts';
import { commandOf, containersOf, objectName, podSpecOf } from '../audit/pod-spec.ts';
import type { ApiRequest } from '../audit/request.ts';
import type { Act, ActDetector } from './detector.ts';

/** Commands that a workload has no honest reason to begin with. */
const commandGrades: Partial<Record<CommandKind, readonly [prior: number, words: string]>> = {
  'remote-shell': [0.0005, 'that opens a shell to somewhere else'],
  metadata: [0.003, 'that asks the metadata service of the node'],
  hidden: [0.002, 'that hides what it runs'],
  escape: [0.002, 'that breaks out to the node'],
  credentials: [0.005, 'that reads credentials'],
  'fetched-script': [0.005, 'that runs what it fetches'],
  download: [0.02, 'that fetches something from outside'],
};

/** Names of tools and of their pods. Sources: https://github.com/inguardians/peirates, https://github.com/BishopFox/badPods, https://github.com/aquasecurity/kube-hunter */
const toolName = /peirates|kube-?hunter|kubesploit|badpods?|everything-allowed|priv-and-hostpid|node-?shell|nsenter|attacker|deepce|botb|cdk-(team|shell)|kdigger|kubeletmein|r00kie|escape-to-host|malicious|exploit|backdoor|(^|-)evil(-|$)|pwn/i;
/** Names of the cluster's own parts, with what their controllers add, borrowed elsewhere so that nobody looks twice. */
const systemName = /^(kube-(proxy|apiserver|scheduler|controller-manager|dns)|coredns|aws-node|etcd|eks-pod-identity-agent|ebs-csi-(node|controller)|metrics-server|kubelet)(-([a-z0-9]{1,5}|[bcdfghjklmnpqrstvwxz0-9]{6,10}|[a-f0-9]{6,10})){0,2}$/i;
/** Identities of controllers, which no pod of anybody's should have. */
const controllerAccount = /-controller$|^(node-controller|generic-garbage-collector|namespace-controller|replicaset-controller|clusterrole-aggregation-controller|attachdetach-controller)$/;

/** A workload that is honest in its form and hostile in what it holds. */
export const hostileWorkload: ActDetector = {
  kind: 'act',
  id: 'hostile-workload',
  category: 'execution',
  techniques: ['T1610', 'T1036.005'],
  check: 'Look at what its containers run before you delete it, and at who asked for it',
  innocent: 'A start-up command that fetches its settings or a tool from outside.',
  detect(request) {
    const spec = podSpecOf(request);
    if (!spec || request.outcome !== 'ok') return [];
    const where = request.namespace;
    const commands = new Set(containersOf(spec).flatMap((container) => commandKinds(commandOf(container))));
    return [
      ...[...commands].flatMap((kind) => actFor(kind, request)),
      ...nameActs(request),
      ...(isSystemNamespace(where) && controllerAccount.test(spec.serviceAccountName ?? '')
        ? [{ value: where, grade: 'controller', prior: 0.001, words: `made the workload ${objectName(request)} in ${where}, which acts as the controller ${spec.serviceAccountName ?? ''}` }] : []),
    ];
  },
};

function actFor(kind: CommandKind, request: ApiRequest): Act[] {
  const grade = commandGrades[kind];
  return grade ? [{ value: request.namespace, grade: kind, prior: grade[0], words: `made the workload ${objectName(request)} in ${request.namespace} with a command ${grade[1]}` }] : [];
}

function nameActs(request: ApiRequest): Act[] {
  const name = objectName(request);
  const where = request.namespace;
  if (toolName.test(name)) return [{ value: where, grade: 'tool', prior: 0.002, words: `made the workload ${name} in ${where}, named like a tool of attackers` }];
  const isBorrowed = systemName.test(name) && !isSystemNamespace(where);
  return isBorrowed ? [{ value: where, grade: 'borrowed-name', prior: 0.005, words: `made the workload ${name} in ${where}, named like a part of the cluster` }] : [];
}
