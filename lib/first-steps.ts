import { clusterPartsOf, commandAt } from './cluster.ts';
import type { IdentityKind } from './identity.ts';
import { shortName } from './identity.ts';
import { minuteText } from './time.ts';

/** Of whom, and when, first steps are given. */
export interface StepsFor {
  readonly identity: string;
  readonly kind: IdentityKind;
  readonly cluster: string;
  /** Milliseconds since the epoch. */
  readonly firstSeen: number;
}

/** What a shell takes as it is: a name may come from an attacker, and commands are copied. */
const safe = /^[A-Za-z0-9][\w.:@/+=-]*$/;
/** Names in which no command can be written. */
const plain = /^[\w.:@/+=,*-]+$/;

/**
 * Gives what to do first about an identity: how to find out whether it was its owner, and how to cut it off. A command
 * stands only where the names in it are harmless to a shell.
 */
export function firstSteps(of: StepsFor): string[] {
  if (of.identity.startsWith('address ')) return [`Find what has this address${command(`kubectl get pods -A -o wide | grep -w ${of.identity.slice('address '.length)}`, [of.identity.slice('address '.length)])}`];
  return steps[of.kind](of);
}

const steps: Readonly<Record<IdentityKind, (of: StepsFor) => string[]>> = {
  person: ({ identity, cluster }) => [`Ask ${nameOf(identity)}, by phone rather than by mail: was this you?`, ...endOfPerson(identity, cluster)],
  role: ({ identity, cluster, firstSeen }) => [
    `Find the run of the pipeline ${nameOf(identity).replace(/^role /, '')} at ${minuteText(firstSeen)} UTC, and who started it`,
    `If there is none, take the role out of the cluster${accessEntries(cluster)}`,
  ],
  user: ({ identity }) => [`Find out who or what logs in as ${nameOf(identity)}, and see its rights${command(`kubectl auth can-i --list --as=${identity}`, [identity])}`],
  'service-account': ({ identity }) => {
    const [, namespace = '', name = ''] = /^system:serviceaccount:([^:]*):(.*)$/.exec(identity) ?? [];
    return [
      `See what ${nameOf(identity)} can do${command(`kubectl auth can-i --list --as=${identity} -n ${namespace}`, [identity, namespace])}`,
      `To cut it off, delete its pods (their tokens die with them, a token made by hand only with the account)${command(`kubectl delete pod -n ${namespace} --field-selector spec.serviceAccountName=${name}`, [namespace, name])}`,
    ];
  },
  node: ({ identity }) => {
    const name = identity.replace(/^system:node:/, '');
    return [
      `See what runs on ${nameOf(identity)}${command(`kubectl get pods -A -o wide --field-selector spec.nodeName=${name}`, [name])}`,
      `If somebody is on it, let nothing new start there, keep its disk, and replace it${command(`kubectl cordon ${name}`, [name])}`,
    ];
  },
  'control-plane': () => ['Find who set it off just before: the control plane acts for others'],
  anonymous: () => ['See which binding lets strangers in: kubectl get clusterrolebindings,rolebindings -A -o wide | grep -E \'system:(anonymous|unauthenticated)\''],
  'failed-authentication': ({ cluster }) => [`Find out whose address that is; if it is none of yours, leave it out of the addresses that may reach the cluster${command(commandAt(cluster, `aws eks update-cluster-config --name ${clusterPartsOf(cluster).name} --resources-vpc-config publicAccessCidrs=YOUR-RANGES`), [cluster])}`],
};

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html */
function endOfPerson(identity: string, cluster: string): string[] {
  const user = /^arn:[^:]*:iam::\d*:user\/(?:.*\/)?([^/]+)$/.exec(identity)?.[1];
  const role = /:assumed-role\/([\w+=,.@-]+)\//.exec(identity)?.[1];
  return [user === undefined ? `If not, take ${role === undefined ? 'its role' : `the role ${role}`} out of the cluster${accessEntries(cluster)}` : `If not, make the access keys inactive${command(`aws iam list-access-keys --user-name ${user}`, [user])}`];
}

/**
 * Ending a role's sessions by a policy does not keep them out of EKS: a token is a call of sts:GetCallerIdentity, which
 * no policy can deny. Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
function accessEntries(cluster: string): string {
  return `${command(`${commandAt(cluster, `aws eks list-access-entries --cluster-name ${clusterPartsOf(cluster).name}`)}, then delete-access-entry, or its line in aws-auth`, [cluster])}. All who use it lose access; ending its AWS sessions alone does not keep it out`;
}

function command(text: string, names: readonly string[]): string {
  return names.every((name) => safe.test(name)) ? `: ${text}` : '';
}

function nameOf(identity: string): string {
  return plain.test(identity) ? shortName(identity) : 'this identity';
}
