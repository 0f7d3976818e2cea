/** A finding of the page, and what really happened. */
export interface Example {
  readonly heading: string;
  /** The recorded cluster it is of, or the seed of a generated one. */
  readonly from: 'sample' | 'beta' | number;
  readonly identity: string;
  /** The day it was raised on, in UTC. */
  readonly day: string;
  readonly truth: string;
}

const person = (role: string, name: string): string => `arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_${role}_0a1b2c3d4e5f6a7b/${name}@corp.example`;

/** Chosen over categories and severities. */
export const examples: readonly Example[] = [
  { heading: 'A stolen session', from: 'sample', identity: person('Developer', 'carol'), day: '2026-10-14', truth: 'an attacker used the session of an engineer from his own network and read secrets.' },
  { heading: 'A pod that looks about', from: 'sample', identity: 'system:serviceaccount:payments:checkout', day: '2026-10-14', truth: 'a pod of the shop was broken into; from it the attacker tried namespace after namespace, and was refused nearly everywhere.' },
  { heading: 'From a pod to its node', from: 'sample', identity: person('PlatformAdmin', 'bob'), day: '2026-10-15', truth: 'with an administrator\'s credentials an attacker started a pod that is made to break out, and attached to it.' },
  { heading: 'A door left open', from: 'sample', identity: 'system:anonymous', day: '2026-10-12', truth: 'a careless binding let anybody list the pods and config maps of one namespace; a caller from the internet was refused at first, and then found it.' },
  { heading: 'A way back in', from: 'sample', identity: person('PlatformAdmin', 'bob'), day: '2026-10-16', truth: 'an attacker made an account named like a part of the cluster, gave it all rights and a token that never expires, and read the token. The place was bob\'s usual one; the acts were not.' },
  { heading: 'A miner by the name of a controller', from: 'sample', identity: 'system:serviceaccount:argocd:argocd-application-controller', day: '2026-10-16', truth: 'the token of the deployment controller was stolen and used from the internet to start a miner.' },
  { heading: 'Rights for a foreign AWS role', from: 'beta', identity: person('DataAdmin', 'henk'), day: '2026-09-25', truth: 'the map of AWS roles got an outside role with all rights in the cluster. Who may change it by right looks the same, so it is medium.' },
  { heading: 'A database opened to the internet', from: 'beta', identity: person('DataAdmin', 'gina'), day: '2026-09-26', truth: 'a network policy was deleted, and an internal database got a public load balancer.' },
  { heading: 'A story: made, bound, used', from: 104, identity: 'arn:aws:sts::341779941624:assumed-role/AWSReservedSSO_ClusterOps_49f1247620cc49cc/jolanta.nkemelu@ravelin.example', day: '2026-08-06', truth: 'one intrusion by two identities: with an administrator\'s session an account was made, bound to cluster-admin and given a token; the token was then used elsewhere to sweep secrets.' },
];

/** The page ends with a false alert: the first that one of these generated clusters gives. */
export const seedsOfFalseAlerts = [31, 32, 33, 34, 35, 36, 37, 38, 39, 40];
