import type { Row } from '../row.ts';

/** What peers detect of initial access. */
export const initialAccess: readonly Row[] = [
  { id: 'anonymous-request-allowed', finds: 'A caller without credentials is let in', peers: ['FA', 'DD', 'PA', 'GD'], detectors: ['anonymous-access'] },
  { id: 'anonymous-allowed-new-ua', finds: 'The same with a new program', peers: ['EL'], detectors: ['anonymous-access'] },
  { id: 'anonymous-write', finds: 'A caller without credentials makes or changes something', peers: ['EL', 'GC'], detectors: ['anonymous-access'] },
  { id: 'malicious-ip-caller', finds: 'A caller from an address of known attackers', peers: ['GD'], detectors: ['new-network'], note: 'As a network that is new to the identity; there is no list of addresses' },
  { id: 'custom-threat-list-caller', finds: 'A caller from an address that the customer lists', peers: ['GD'], detectors: ['new-network'], note: 'As a network that is new to the identity; there is no list of addresses' },
  { id: 'tor-or-proxy-caller', finds: 'A caller through Tor or a hidden proxy', peers: ['GD', 'PA', 'DF', 'GC', 'TM'], detectors: ['new-network'], note: 'As a network that is new to the identity; there is no list of addresses' },
  { id: 'exposed-dashboard', finds: 'A dashboard opened to the outside', peers: ['GD', 'DF', 'TM'], detectors: ['exposed-service', 'exposed-ingress'] },
  { id: 'exposed-sensitive-service', finds: 'A database or the like opened to the outside', peers: ['DF'], detectors: ['exposed-service'] },
  { id: 'nodeport-service', finds: 'A service opened on every node\'s port', peers: ['FA', 'EL', 'PA', 'DD', 'SP', 'GC'], detectors: ['exposed-service'] },
  { id: 'ingress-no-tls', finds: 'A way in from outside without encryption', peers: ['FA', 'PA'], detectors: ['exposed-ingress'] },
  { id: 'identity-not-allowlisted', finds: 'A caller that nobody expects', peers: ['FA'], detectors: ['new-network', 'new-agent'], notYet: 'A newcomer has nothing to leave: only grave acts and counts tell of him' },
  { id: 'admin-account-used', finds: 'The cluster\'s first administrator is used', peers: ['FA'], detectors: ['new-network', 'new-agent'], note: 'By the place it comes from, once it does something grave' },
  { id: 'irsa-from-foreign-asn', finds: 'A service account\'s AWS role taken on from outside AWS', peers: ['EL'], detectors: [], unseen: 'cloud' },
  { id: 'identity-new-geo-agent-method', finds: 'An identity from a new place, with a new program, doing new things', peers: ['GC'], detectors: ['new-network', 'new-agent'], note: 'By network, not by country' },
  { id: 'dormant-identity-wakes', finds: 'An identity that was long unused acts', peers: ['GC'], detectors: [], unseen: 'forgotten' },
];
