import type { ApiRequest } from '../audit/request.ts';
import type { IdentityKind } from '../identity.ts';
import type { Circumstance } from './detector.ts';

/**
 * One and the same token or access key, first seen in one network, comes from another that its owner never used. A
 * laptop that moves does that; a pod never does, and within the cluster even has but one address. The baseline keeps where a credential was first seen (`noteCredential`).
 */
export const credentialMoved = {
  kind: 'circumstance',
  id: 'credential-moved',
  category: 'credential-abuse',
  techniques: ['T1528', 'T1550.001'],
  check: 'Find out who has this credential in both places; if nobody can say, cut it off',
  checkBy: {
    person: 'Was the session carried from one place to the other, on a laptop or a VPN? If not, it was stolen',
    'service-account': 'Find out how the token left its pod, and delete the pod: the token dies with it',
  },
  innocent: 'A laptop taken from the office to a train with the session still open.',
  /** People take their laptops along. */
  priorFor: (kind: IdentityKind) => (kind === 'person' ? 0.2 : 0.002),
  /** Says which credential came from where, and where it was first used: an address, or a network. */
  words: (request: Pick<ApiRequest, 'address' | 'network' | 'pod' | 'podUid'>, from: string) =>
    `used ${credentialWords(request)} from ${request.address || request.network.block}, which was first used from ${from.includes('/') ? 'the network ' : ''}${from}`,
  why: ({ podUid }: Pick<ApiRequest, 'podUid'>) => (podUid === '' ? 'one credential should not be in two places' : 'a pod keeps its token and its address to itself'),
} as const satisfies Circumstance & Record<string, unknown>;

function credentialWords({ pod, podUid }: Pick<ApiRequest, 'pod' | 'podUid'>): string {
  return pod !== '' ? `the token of pod ${pod}` : podUid !== '' ? 'a pod\'s token' : 'a credential';
}
