import type { ActDetector } from './detector.ts';

/** What a kubelet does for whoever reaches it: run commands, which the audit log then does not show. */
const kubeletCommand = /\/proxy\/(run|exec|attach|portForward|cri)(\/|$)/i;
/** What the API server tells of the same pods. */
const kubeletPods = /\/proxy\/(running)?pods\/?$/i;
const kubeletMetrics = /\/proxy\/(metrics|stats|healthz|spec)(\/|$)/i;

/** A node, pod or service reached through the API server, past every network policy, by one that does not do so. */
export const proxy: ActDetector = {
  kind: 'act',
  id: 'proxy',
  category: 'lateral-movement',
  techniques: ['T1090', 'T1021'],
  check: 'See what was asked through the proxy: commands given to a kubelet this way are in no other log',
  innocent: 'An engineer who reads a node\'s statistics or opens a dashboard through `kubectl proxy`.',
  detect({ resource, namespace, name, path, outcome }) {
    const [, kind = ''] = /^(nodes|pods|services)\/proxy$/.exec(resource) ?? [];
    if (kind === '' || outcome === 'missing') return [];
    const refused = outcome === 'refused' ? ' (refused)' : '';
    const words = `${refused === '' ? 'reached' : 'tried to reach'} ${kind}/${name}${namespace === '' ? '' : ` of ${namespace}`} through the API server`;
    if (kind !== 'nodes') return [{ value: `${kind} ${namespace}${refused}`, prior: refused === '' ? 0.02 : 0.1, words }];
    if (kubeletCommand.test(path)) return [{ value: `commands${refused}`, grade: 'commands', prior: 0.0005, words: `${words}, to run commands in its pods` }];
    if (kubeletMetrics.test(path)) return [{ value: `metrics${refused}`, prior: 0.4, words }];
    if (kubeletPods.test(path)) return [{ value: `pods${refused}`, grade: 'pods', prior: 0.05, words }];
    const [, asked = ''] = /\/proxy\/(\w{1,40})/.exec(path) ?? [];
    return [{ value: `${asked}${refused}`, grade: 'kubelet', prior: 0.002, words }];
  },
};
