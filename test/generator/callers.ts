import type { Caller, User } from './audit.ts';
import type { Node, Pod } from './layout.ts';
import { Random } from './random.ts';

/** A service account and the program that uses it. */
export interface Account { readonly namespace: string; readonly account: string; readonly agent: string }

/** Whose role nodes have. */
export const nodeAccount = '445566778899';

export function serviceAccountUser({ namespace, account }: Pick<Account, 'namespace' | 'account'>, extra?: User['extra']): User {
  return {
    username: `system:serviceaccount:${namespace}:${account}`,
    uid: uidFor(`${namespace}/${account}`),
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
    ...(extra ? { extra } : {}),
  };
}

/** The same for the same object, as a cluster gives it. */
function uidFor(object: string): string {
  return new Random(object).uuid();
}

/** A service account's token that is bound to no pod, in anybody's hands. */
export function tokenCaller({ namespace, account, agent }: Account, { credential, address }: { credential: string; address: string }): Caller {
  return { user: serviceAccountUser({ namespace, account }, { 'authentication.kubernetes.io/credential-id': [`JTI=${credential}`] }), address, agent };
}

/** A service account calling from a pod. */
export function podCaller(account: Account, pod: Pod): Caller {
  const extra = {
    'authentication.kubernetes.io/credential-id': [`JTI=${pod.credential}`],
    'authentication.kubernetes.io/node-name': [pod.node.name],
    'authentication.kubernetes.io/node-uid': [uidFor(pod.node.name)],
    'authentication.kubernetes.io/pod-name': [pod.name],
    'authentication.kubernetes.io/pod-uid': [pod.uid],
  };
  return { user: serviceAccountUser(account, extra), address: pod.address, agent: account.agent };
}

export function nodeCaller(node: Node, version: string): Caller {
  const arn = `arn:aws:sts::${nodeAccount}:assumed-role/eks-node-group/${node.instance}`;
  const user = { username: `system:node:${node.name}`, uid: `aws-iam-authenticator:${nodeAccount}:AROANODES`, groups: ['system:bootstrappers', 'system:nodes', 'system:authenticated'], extra: awsExtra(arn, node.instance, node.key) };
  return { user, address: node.address, agent: `kubelet/${version} (linux/amd64) kubernetes/3f2b1c0` };
}

/** A controller inside the controller manager. */
export function controllerCaller(name: string, address: string, version: string): Caller {
  const user = serviceAccountUser({ namespace: 'kube-system', account: name });
  return { user, address, agent: `kube-controller-manager/${version} (linux/amd64) kubernetes/$Format/system:serviceaccount:kube-system:${name}` };
}

/** A part of the control plane, or of EKS, under its own user name. */
export function systemCaller(username: string, address: string, agent: string): Caller {
  return { user: { username, groups: ['system:authenticated'] }, address, agent };
}

export const anonymous: User = { username: 'system:anonymous', groups: ['system:unauthenticated'] };

function awsExtra(arn: string, session: string, key: string): Record<string, readonly string[]> {
  const principal = `AROA${[...arn].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1e9, 7).toString(16).toUpperCase()}`;
  return { accessKeyId: [key], arn: [arn], canonicalArn: [arn.replace(':sts:', ':iam:').replace('assumed-role', 'role').replace(/\/[^/]*$/, '')], principalId: [principal], sessionName: [session], 'sigs.k8s.io/aws-iam-authenticator/principalId': [principal] };
}

/** Somebody who came by an IAM role: the user name may be the ARN or what the cluster maps it to. */
export interface RoleSession { readonly account: string; readonly role: string; readonly session: string; readonly group: string; readonly username?: string }

export function roleUser({ account, role, session, group, username }: RoleSession, random: Random): User {
  const arn = `arn:aws:sts::${account}:assumed-role/${role}/${session}`;
  const extra = awsExtra(arn, session, `ASIA${random.hex(16).toUpperCase()}`);
  return { username: username ?? arn, uid: `aws-iam-authenticator:${account}:${extra['principalId']?.[0] ?? ''}`, groups: [group, 'system:authenticated'], extra };
}
