import { commandKinds, looksRound, opensShell } from '../audit/commands.ts';
import { isSystemNamespace } from '../audit/names.ts';
import type { ApiRequest } from '../audit/request.ts';
import type { Act, ActDetector } from './detector.ts';

/** Commands that no everyday work explains, how likely they are, and what they look like. */
const graveKinds = {
  credentials: [0.003, 'that reads credentials'],
  metadata: [0.002, 'that asks the metadata service of the node'],
  'remote-shell': [0.001, 'that opens a shell to somewhere else'],
  hidden: [0.002, 'that hides what it runs'],
  'fetched-script': [0.005, 'that runs what it fetches'],
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
  check: 'Find out what was done in the pod; take the pod as compromised until you know',
  checkBy: { person: 'Ask this person what was done in the pod; take the pod as compromised until you know' },
  innocent: 'An engineer who looks into a pod during an outage.',
  detect(request) {
    const { resource, namespace, name, outcome } = request;
    if ((resource !== 'pods/exec' && resource !== 'pods/attach') || outcome === 'missing') return [];
    const grave = graveActs(request);
    if (outcome === 'refused') return [{ value: `${namespace} (refused)`, prior: 0.2, words: `tried to run a command in pod ${name} of ${namespace} and was refused` }, ...grave];
    return [isSystemNamespace(namespace) ? { ...plainAct(request), grade: 'system', prior: 0.002 } : plainAct(request), ...grave];
  },
};

/** One harmless command is one thing; to type into a pod, or not to know where one is, another. */
function plainAct({ resource, namespace, name, outcome, query }: ApiRequest): Act {
  const where = `pod ${name} of ${namespace}`;
  const tried = outcome === 'failed';
  const isTyped = query.get('stdin') === 'true' && query.get('tty') === 'true';
  if (resource === 'pods/attach') return { value: namespace, grade: 'hands-on', prior: 0.2, words: `${tried ? 'tried to attach' : 'attached'} to a container in ${where}` };
  const command = query.getAll('command');
  if (isTyped || opensShell(command)) return { value: namespace, grade: 'hands-on', prior: 0.2, words: `${tried ? 'tried to open' : 'opened'} a shell in ${where}` };
  if (looksRound(command)) return { value: namespace, grade: 'hands-on', prior: 0.2, words: `${tried ? 'tried to look' : 'looked'} around in ${where} by a command` };
  return { value: namespace, prior: 0.4, words: `${tried ? 'tried to run' : 'ran'} a command in ${where}` };
}

function graveActs({ namespace, name, outcome, query }: ApiRequest): Act[] {
  const refused = outcome === 'refused';
  return commandKinds(query.getAll('command').join(' ')).flatMap((kind) => {
    if (!(kind in graveKinds)) return [];
    const [prior, words] = graveKinds[kind as keyof typeof graveKinds];
    return [{ value: `${namespace}${refused ? ' (refused)' : ''}`, grade: kind, prior: refused ? prior * 3 : prior, words: `${refused ? 'tried to run' : 'ran'} a command ${words} in pod ${name} of ${namespace}${refused ? ' and was refused' : ''}` }];
  });
}
