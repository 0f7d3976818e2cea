import { isSystemNamespace } from '../audit/names.ts';
import type { ActDetector } from './detector.ts';

/** A command run in a pod, or an attachment to one, where this identity does not. */
export const exec: ActDetector = {
  kind: 'act',
  id: 'exec',
  category: 'execution',
  techniques: ['T1609'],
  check: 'Ask whoever it is what was done in the pod; take the pod as compromised until you know',
  detect({ resource, namespace, name, outcome }) {
    if ((resource !== 'pods/exec' && resource !== 'pods/attach') || outcome === 'missing') return [];
    const refused = outcome === 'refused';
    const did = resource === 'pods/exec' ? 'ran a command' : 'attached';
    return [{
      value: `${namespace}${refused ? ' (refused)' : ''}`,
      prior: refused ? 0.2 : isSystemNamespace(namespace) ? 0.003 : 0.1,
      words: refused ? `tried to run a command in a pod of ${namespace} and was refused` : `${did} in pod ${name} of ${namespace}`,
    }];
  },
};
