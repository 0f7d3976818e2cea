import type { Row } from '../row.ts';

/** What peers detect of exfiltration egress. */
export const exfiltrationEgress: readonly Row[] = [
  { id: 'kubectl-cp', finds: 'Files copied out of a pod', peers: ['PA'], detectors: ['exec-archive'] },
  { id: 'egress-volume-anomaly', finds: 'Far more traffic to outside than usual', peers: ['GD', 'SP', 'CA'], detectors: [], unseen: 'traffic', note: '`egress-volume`, `egress-day`' },
  { id: 'egress-new-port', finds: 'A port of the outside that was never used', peers: ['GD'], detectors: [], unseen: 'traffic', note: '`egress-port`' },
  { id: 'egress-io-ratio', finds: 'Far more going out than coming in', peers: ['SP'], detectors: [], unseen: 'traffic', note: '`egress-volume` takes off what only acknowledges' },
  { id: 'egress-by-process', finds: 'A process that sends far more than usual', peers: ['SP', 'CA'], detectors: [], unseen: 'network' },
  { id: 'flow-multivariate-anomaly', finds: 'Traffic that is odd altogether', peers: ['CA'], detectors: [], unseen: 'network' },
  { id: 'dns-tunnel-exfil', finds: 'Data hidden in names that are looked up', peers: ['GD', 'PA', 'CA'], detectors: [], unseen: 'names', note: '`dns-tunnel`, `dns-slow-tunnel`' },
  { id: 'dga-domain', finds: 'A name looked up that a program made up', peers: ['GD', 'CA'], detectors: [], unseen: 'names', note: '`generated-domains`' },
  { id: 'c2-ip-or-domain', finds: 'Traffic to a known host of attackers', peers: ['GD', 'GC', 'CA'], detectors: [], unseen: 'traffic', note: '`listed-destination`, and `listed-name` of names, by lists that are given' },
  { id: 'drop-point', finds: 'Traffic to a host where stolen data is kept', peers: ['GD'], detectors: [], unseen: 'names', note: '`exfiltration-service-name`; by lists `listed-destination`' },
  { id: 'tor-egress', finds: 'Traffic into Tor or a hidden proxy', peers: ['GD', 'CA'], detectors: [], unseen: 'traffic', note: '`listed-destination`, by a list of its entries' },
  { id: 'low-reputation-domain', finds: 'A name of ill repute looked up', peers: ['GD'], detectors: [], unseen: 'names', note: '`listed-name`, by lists that are given' },
  { id: 'blackhole-traffic', finds: 'Traffic to a host that was taken from attackers', peers: ['GD'], detectors: [], unseen: 'traffic', note: '`listed-destination`, by lists that are given' },
];
