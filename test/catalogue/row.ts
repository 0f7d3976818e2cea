/** Whose rules have a row. `TM` names techniques and `SR` attacks, with advice on finding them. */
export const peers = {
  BP: 'AWS EKS best practices guide: https://github.com/aws/aws-eks-best-practices',
  CA: 'Calico Enterprise and Cloud, some rules since removed: https://github.com/tigera/docs',
  DD: 'Datadog Cloud SIEM: https://docs.datadoghq.com/security/default_rules/',
  DF: 'Microsoft Defender for Containers: https://github.com/MicrosoftDocs/azure-security-docs',
  EL: 'Elastic: https://github.com/elastic/detection-rules',
  FA: 'Falco k8saudit: https://github.com/falcosecurity/plugins',
  GC: 'Google Event Threat Detection: https://cloud.google.com/security-command-center/docs/concepts-event-threat-detection-overview',
  GD: 'Amazon GuardDuty: https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_finding-types-active.html',
  PA: 'Panther: https://github.com/panther-labs/panther-analysis',
  SI: 'Sigma: https://github.com/SigmaHQ/sigma',
  SP: 'Splunk: https://github.com/splunk/security_content',
  SR: 'Stratus Red Team: https://github.com/DataDog/stratus-red-team',
  TM: 'Threat matrix for Kubernetes: https://github.com/microsoft/Threat-Matrix-for-Kubernetes',
} as const;
export type Peer = keyof typeof peers;

/** Why something cannot be seen in the audit log of an EKS cluster. */
export const blindSpots = {
  hidden: 'EKS does not log what decides: bodies of config maps, and the core group\'s events',
  cloud: 'Done through AWS\'s own API: only CloudTrail shows it',
  watched: 'Done through AWS\'s own API, and the function *watch* tells of it from CloudTrail ([blindness](blindness.md))',
  traffic: 'Flow logs show it, where they are given ([egress](egress.md))',
  names: 'Query logs show it, where they are given ([dns](dns.md))',
  network: 'Only the network shows it, and neither flow nor query logs are searched for it',
  runtime: 'Only a sensor on the node shows it',
  azure: 'Exists on Azure alone',
  forgotten: 'Needs half a year of history. An identity that was away for 90 days is forgotten, and judged as a newcomer when it comes back',
} as const;

/** Something that others detect on Kubernetes, whichever way. */
export interface Row {
  readonly id: string;
  /** What is found, in words. */
  readonly finds: string;
  /** Codes of `peers`; nobody has an extra row. */
  readonly peers: readonly Peer[];
  /** Ids of the detectors of which one at least says it. Empty if it cannot be seen. */
  readonly detectors: readonly string[];
  readonly unseen?: keyof typeof blindSpots;
  /** In which form it is seen, where that is not plain. */
  readonly note?: string;
  /** Why nobody is told of it yet, though it can be seen. */
  readonly notYet?: string;
}
