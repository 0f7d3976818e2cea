import type { AuditEvent } from './audit/event.ts';

/** What sort of actor an identity is. */
export type IdentityKind = 'person' | 'role' | 'service-account' | 'node' | 'control-plane' | 'anonymous' | 'failed-authentication' | 'user';

/** Those who decide what they do next: they do something new more often than machines. */
const deciding: ReadonlySet<IdentityKind> = new Set(['person', 'user', 'role']);

/** Whether an identity does what it was made for, again and again; people and pipelines are no machines. */
export function isMachine(kind: IdentityKind): boolean {
  return !deciding.has(kind);
}

/** Who really acts, whatever dress a request wears. */
export interface Identity {
  /** The one name of this actor in its cluster, as findings show it. */
  readonly id: string;
  readonly kind: IdentityKind;
  /** Actors alike, whose habits can stand in for this one's while it is young. */
  readonly peerGroup: string;
}

/** Length of an identity's name at most; what is longer is cut. */
const maxIdLength = 500;

/** Session names of SDKs, command lines and pipelines when nobody chose one; a role's caller is then not a person. */
const defaultSessionName = /^(aws-?cli|aws-?sdk|botocore|boto3?|eks-?get-?token|github-?actions|gitlab|jenkins|buildkite|circleci|codebuild|terraform|session|web-identity|k8s|kubernetes|assume)/i;
/** A shorter session name could stand in a user name by chance. */
const leastSessionName = 6;
/** Numbers, long hexadecimal words and instance ids change with each session. */
const changingSessionName = /\d{5,}|[0-9a-f]{8,}|^i-[0-9a-f]+$/i;

/**
 * Tells who acts. People keep one identity over their sessions (Identity Center, federated or plain roles with a
 * chosen session name, IAM users); a role whose session name changes with each run is one identity; an impersonator
 * stays who he is.
 * Sources: https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html,
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/
 */
export function identityOf(event: AuditEvent): Identity {
  const { username = '', groups = [], extra } = event.user;
  if (username === '') return failedAuthentication(event.sourceIPs?.at(-1));
  if (username === 'system:anonymous' || groups.includes('system:unauthenticated')) return identity('system:anonymous', 'anonymous', 'anonymous');
  const arn = extra?.['arn']?.[0];
  // EKS's own managers come with a role too, under names that are reserved for them.
  if (arn && !username.startsWith('eks:')) return awsIdentity(arn, username, extra?.['sessionName']?.[0]);
  return clusterIdentity(username);
}

/**
 * Controllers that run inside kube-controller-manager, each under a service account of its own that no pod has.
 * Source: https://github.com/kubernetes/kubernetes/blob/master/cmd/kube-controller-manager/names/controller_names.go and
 * plugin/pkg/auth/authorizer/rbac/bootstrappolicy/controller_policy.go
 */
const builtInControllers = new Set(
  ('attachdetach-controller bootstrap-signer certificate-controller clusterrole-aggregation-controller cronjob-controller ' +
    'daemon-set-controller deployment-controller device-taint-eviction-controller disruption-controller endpoint-controller ' +
    'endpointslice-controller endpointslicemirroring-controller ephemeral-volume-controller expand-controller ' +
    'generic-garbage-collector horizontal-pod-autoscaler job-controller legacy-service-account-token-cleaner ' +
    'namespace-controller node-controller persistent-volume-binder pod-garbage-collector pv-protection-controller ' +
    'pvc-protection-controller replicaset-controller replication-controller resource-claim-controller ' +
    'resourcequota-controller root-ca-cert-publisher route-controller selinux-warning-controller service-account-controller ' +
    'service-cidrs-controller service-controller statefulset-controller storage-version-migrator-controller ' +
    'taint-eviction-controller token-cleaner ttl-after-finished-controller ttl-controller ' +
    'validatingadmissionpolicy-status-controller volumeattributesclass-protection-controller').split(' '),
);

function clusterIdentity(username: string): Identity {
  const serviceAccount = /^system:serviceaccount:([^:]+):(.+)$/.exec(username);
  if (serviceAccount?.[1] === 'kube-system' && builtInControllers.has(serviceAccount[2] ?? '')) return identity(username, 'control-plane', 'control plane');
  if (serviceAccount) return identity(username, 'service-account', `service accounts named ${serviceAccount[2] ?? ''}`);
  if (username.startsWith('system:node:')) return identity(username, 'node', 'nodes');
  if (username.startsWith('system:') || username.startsWith('eks:')) return identity(username, 'control-plane', 'control plane');
  return identity(username, 'user', 'users');
}

/** Made-up or expired tokens have no name: what they share is where they came from. */
function failedAuthentication(address = 'unknown'): Identity {
  return identity(`failed authentication from ${address.slice(0, 45)}`, 'failed-authentication', 'failed authentication');
}

function awsIdentity(arn: string, username: string, sessionName: string | undefined): Identity {
  const [, account = '', role = '', session = ''] = /^arn:[^:]*:sts::(\d*):assumed-role\/(.+)\/([^/]*)$/.exec(arn) ?? [];
  // A node's instance role assumes under the instance's id and is mapped to the node's name.
  if (username.startsWith('system:node:')) return identity(username, 'node', 'nodes');
  if (role === '') return identity(arn, 'person', `account ${/::(\d*):/.exec(arn)?.[1] ?? ''}`);
  const name = sessionName ?? session;
  const peerGroup = `role ${account}/${role}`;
  if (isPerson(role, name)) return identity(arn, 'person', peerGroup);
  return identity(name.length < leastSessionName ? username : username.replaceAll(name, '*'), 'role', 'roles');
}

function isPerson(role: string, sessionName: string): boolean {
  if (role.startsWith('AWSReservedSSO_') || sessionName.includes('@')) return true;
  return sessionName !== '' && !defaultSessionName.test(sessionName) && !changingSessionName.test(sessionName);
}

function identity(id: string, kind: IdentityKind, peerGroup: string): Identity {
  return { id: id.slice(0, maxIdLength).toWellFormed(), kind, peerGroup: peerGroup.slice(0, maxIdLength).toWellFormed() };
}

/** Gives a name for people, to stand in a sentence: `anna@example.com`, `service account shop/cart`, `role deploy`. */
export function shortName(identity: string): string {
  if (identity === 'system:anonymous') return 'an anonymous caller';
  const ofRole = /^arn:.*\/([^/]+)\/\*$/.exec(identity)?.[1];
  if (ofRole !== undefined) return `role ${ofRole}`;
  if (identity.startsWith('arn:')) return identity.replace(/^.*\//, '');
  return identity
    .replace(/^system:serviceaccount:([^:]+):/, 'service account $1/')
    .replace(/^system:node:/, 'node ')
    .replace(/^failed authentication from /, 'a caller from ');
}

/** Tells an identity's kind by its name alone; pipelines and others that the name does not tell apart are `role`. */
export function kindOfName(identity: string): IdentityKind {
  if (identity === 'system:anonymous') return 'anonymous';
  if (identity.startsWith('failed authentication from ')) return 'failed-authentication';
  if (identity.startsWith('system:serviceaccount:')) return 'service-account';
  if (identity.startsWith('system:node:')) return 'node';
  if (identity.startsWith('system:') || identity.startsWith('eks:')) return 'control-plane';
  return identity.startsWith('arn:') && !identity.includes('*') ? 'person' : 'role';
}
