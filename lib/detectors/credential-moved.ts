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
  check: 'Revoke the credential: delete the pod or end the session it belongs to',
  innocent: 'A laptop taken from the office to a train with the session still open.',
  /** People take their laptops along. */
  priorFor: (kind: IdentityKind) => (kind === 'person' ? 0.2 : 0.002),
  words: (value: string) => `used a credential that was first used from ${value.includes('/') ? 'the network' : 'the address'} ${value}`,
} as const satisfies Circumstance & Record<string, unknown>;
