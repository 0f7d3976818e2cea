import type { ActDetector } from './detector.ts';

/** A tunnel into a pod, a service or a node, by one that does not open such. */
export const portForward: ActDetector = {
  kind: 'act',
  id: 'port-forward',
  category: 'exfil-egress',
  techniques: ['T1572', 'T1090'],
  check: 'Ask what was reached through the tunnel, and whether data was taken',
  detect({ resource, namespace, name, outcome }) {
    const [, kind = ''] = /^(pods\/portforward|(?:pods|services|nodes)\/proxy)$/.exec(resource) ?? [];
    if (kind === '' || outcome === 'missing') return [];
    const refused = outcome === 'refused';
    const where = namespace === '' ? 'the cluster' : namespace;
    return [{ value: `${kind} ${where}${refused ? ' (refused)' : ''}`, prior: refused ? 0.1 : 0.01, words: `${refused ? 'tried to open' : 'opened'} a tunnel (${kind}) to ${name} in ${where}` }];
  },
};
