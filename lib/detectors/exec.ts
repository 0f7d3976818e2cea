import { commandKinds } from '../audit/commands.ts';
import { isSystemNamespace } from '../audit/names.ts';
import type { Act, ActDetector } from './detector.ts';

/** Commands that no everyday work explains, how likely they are, and what they look like. */
const graveKinds = {
  credentials: [0.003, 'that reads credentials'],
  metadata: [0.002, 'that asks the metadata service of the node'],
  'remote-shell': [0.001, 'that opens a shell to somewhere else'],
  download: [0.02, 'that fetches something from outside'],
  miner: [0.0005, 'that mines'],
  escape: [0.001, 'that breaks out to the node'],
} as const;

/** A command run in a pod, or an attachment to one, where this identity does not. */
export const exec: ActDetector = {
  kind: 'act',
  id: 'exec',
  category: 'execution',
  techniques: ['T1609'],
  check: 'Ask whoever it is what was done in the pod; take the pod as compromised until you know',
  innocent: 'An engineer who looks into a pod during an outage.',
  detect({ resource, namespace, name, outcome, query }) {
    if ((resource !== 'pods/exec' && resource !== 'pods/attach') || outcome === 'missing') return [];
    const grave = graveActs(query.getAll('command').join(' '), namespace, outcome === 'refused');
    if (outcome === 'refused') return [{ value: `${namespace} (refused)`, prior: 0.3, words: `tried to run a command in a pod of ${namespace} and was refused` }, ...grave];
    const tried = outcome === 'failed';
    const did = resource === 'pods/exec' ? (tried ? 'tried to run a command' : 'ran a command') : tried ? 'tried to attach to a container' : 'attached to a container';
    const plain: Act = { value: namespace, prior: 0.2, words: `${did} in pod ${name} of ${namespace}` };
    const inSystem: Act = { ...plain, grade: 'system', prior: 0.003 };
    return [isSystemNamespace(namespace) ? inSystem : plain, ...grave];
  },
};

function graveActs(command: string, namespace: string, refused: boolean): Act[] {
  return commandKinds(command).flatMap((kind) => {
    if (!(kind in graveKinds)) return [];
    const [prior, words] = graveKinds[kind as keyof typeof graveKinds];
    return [{ value: `${namespace}${refused ? ' (refused)' : ''}`, grade: kind, prior: refused ? prior * 3 : prior, words: `${refused ? 'tried to run' : 'ran'} a command in a pod of ${namespace} ${words}` }];
  });
}
