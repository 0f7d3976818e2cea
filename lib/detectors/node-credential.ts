import type { ActDetector } from './detector.ts';

/** What has a node's credential by right. */
const nodePrograms = /^(kubelet|kube-proxy)\b/;

/** What a kubelet lists of these it asks for by name or by its own node. */
const askedOneByOne = new Set(['pods', 'secrets', 'configmaps']);

/** A node's credential used by another program than the node's, or to look beyond its own pods. */
export const nodeCredential: ActDetector = {
  kind: 'act',
  id: 'node-credential',
  category: 'credential-abuse',
  techniques: ['T1552.001', 'T1078'],
  check: 'Find out who has a shell on that node; a pod that reached the node has its credential',
  innocent: 'A start-up script that labels its own node with kubectl.',
  detect({ identity, agent: { family }, verb, resource, query }) {
    if (identity.kind !== 'node') return [];
    if (verb === 'list' && askedOneByOne.has(resource) && !query.has('fieldSelector')) return [{ value: `list ${resource}`, grade: 'beyond', ownBehalf: true, prior: 0.003, words: `used a node's credential to look for ${resource} that are not its own` }];
    if (nodePrograms.test(family)) return [];
    return [{ value: family, ownBehalf: true, prior: 0.05, words: `used a node's credential with the program ${family}` }];
  },
};
