import type { ActDetector } from './detector.ts';

/** What has a node's credential by right. */
const nodePrograms = /^(kubelet|kube-proxy)\b/;

/** A node's credential used by another program than the node's. */
export const nodeCredential: ActDetector = {
  kind: 'act',
  id: 'node-credential',
  category: 'credential-abuse',
  techniques: ['T1552.001', 'T1078'],
  check: 'Find out who has a shell on that node; a pod that reached the node has its credential',
  innocent: 'A start-up script that labels its own node with kubectl.',
  detect({ identity, agent: { family } }) {
    if (identity.kind !== 'node' || nodePrograms.test(family)) return [];
    return [{ value: family, ownBehalf: true, prior: 0.05, words: `used a node's credential with the program ${family}` }];
  },
};
