import type { EgressDetector } from '../../detectors/detector.ts';

/** Data in names: many of one domain within minutes. */
export const dnsTunnel = {
  kind: 'egress',
  id: 'dns-tunnel',
  category: 'exfil-egress',
  techniques: ['T1071.004', 'T1048'],
  check: 'Find the pod that asks, stop it and keep it; block the domain in Route 53 Resolver DNS Firewall',
  innocent: 'A new program that looks up hashes or addresses by DNS, as virus scanners and mail filters do.',
} as const satisfies EgressDetector;

/** Data in names: few at a time, many over a day. */
export const dnsSlowTunnel = { ...dnsTunnel, id: 'dns-slow-tunnel', innocent: 'A new program that puts ids of its own into the names it looks up.' } as const satisfies EgressDetector;

/** A pool that coins are mined in. */
export const miningPoolName = {
  kind: 'egress',
  id: 'mining-pool-name',
  category: 'impact',
  techniques: ['T1496.001'],
  check: 'Find the workload that asks and delete it, then find out whose credential made it',
  innocent: 'A crawler or a scanner that looks up names from a list.',
} as const satisfies EgressDetector;

/** A new name asked for at regular intervals. */
export const dnsBeacon = {
  kind: 'egress',
  id: 'dns-beacon',
  category: 'exfil-egress',
  techniques: ['T1071', 'T1029'],
  check: 'Find out whose domain it is and which program asks for it',
  innocent: 'A new program that reports to its maker at regular intervals.',
} as const satisfies EgressDetector;

/** Many domains that do not exist and are no words. */
export const generatedDomains = {
  kind: 'egress',
  id: 'generated-domains',
  category: 'exfil-egress',
  techniques: ['T1568.002'],
  check: 'Find the pod that asks: malware searches for its master so',
  innocent: 'A program that tests whether its resolver tells lies, or a crawler with an old list.',
} as const satisfies EgressDetector;

/** A name outside that leads to the addresses credentials are served on. */
export const metadataName = {
  kind: 'egress',
  id: 'metadata-name',
  category: 'credential-abuse',
  techniques: ['T1552.005', 'T1090'],
  check: 'Ask what may fetch addresses that others choose, and whether it reached the instance\'s credentials; allow version 2 of instance metadata only',
  innocent: 'A test of that very defence.',
} as const satisfies EgressDetector;

/** A name outside that leads to an address inside. */
export const inwardName = {
  kind: 'egress',
  id: 'inward-name',
  category: 'credential-abuse',
  techniques: ['T1090'],
  check: 'Ask whose domain it is and what the address inside serves',
  innocent: 'A name that a company has for its own servers, or one that has just moved inside.',
} as const satisfies EgressDetector;

/** A service by which data or commands pass unseen. */
export const exfiltrationServiceName = {
  kind: 'egress',
  id: 'exfiltration-service-name',
  category: 'exfil-egress',
  techniques: ['T1567', 'T1572', 'T1090.003'],
  check: 'Ask who uses the service from that workload, and for what',
  innocent: 'A developer who shows work in progress, or an agreed security test.',
} as const satisfies EgressDetector;

/** A name that anybody can point anywhere within minutes. */
export const dynamicName = {
  kind: 'egress',
  id: 'dynamic-name',
  category: 'exfil-egress',
  techniques: ['T1568', 'T1583.001'],
  check: 'Find out whose name it is',
  innocent: 'A small customer\'s or a colleague\'s own server.',
} as const satisfies EgressDetector;

/** A domain that somebody has given as known to be bad. */
export const listedName = {
  kind: 'egress',
  id: 'listed-name',
  category: 'exfil-egress',
  techniques: ['T1071'],
  check: 'See what the list says of the domain, then find the pod that asks',
  innocent: 'An entry that is out of date, or a scanner that looks up bad names.',
} as const satisfies EgressDetector;

/** A domain that nobody in the cluster has looked up. It never speaks alone. */
export const newName = {
  kind: 'egress',
  id: 'new-name',
  category: 'exfil-egress',
  techniques: ['T1071'],
  check: 'Find out whose domain it is',
  innocent: 'A new release that talks to somebody new.',
} as const satisfies EgressDetector;

/** All of them by id. */
export const nameDetectors: ReadonlyMap<string, EgressDetector> = new Map(
  [dnsTunnel, dnsSlowTunnel, miningPoolName, dnsBeacon, generatedDomains, metadataName, inwardName, exfiltrationServiceName, dynamicName, listedName, newName].map((detector) => [detector.id, detector]),
);
