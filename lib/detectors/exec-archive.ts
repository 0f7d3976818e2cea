import { commandKinds } from '../audit/commands.ts';
import type { ActDetector } from './detector.ts';

/** What takes data out: `kubectl cp` packs files to standard output. */
const kinds = { archive: 'an archive written to standard output', upload: 'an upload', dump: 'a database dump' } as const;

/** A command in a pod that takes data out of it. */
export const execArchive: ActDetector = {
  kind: 'act',
  id: 'exec-archive',
  category: 'exfil-egress',
  techniques: ['T1560', 'T1041'],
  check: 'Find out which data the pod holds and where it went',
  innocent: 'An engineer who copies a crash dump or a log file out of a pod.',
  detect({ resource, namespace, name, query, outcome }) {
    if (resource !== 'pods/exec' || outcome === 'missing') return [];
    const found = commandKinds(query.getAll('command').join(' ')).find((kind) => kind in kinds);
    if (!found) return [];
    const like = kinds[found as keyof typeof kinds];
    const refused = outcome === 'refused';
    return [{ value: `${like} in ${namespace}${refused ? ' (refused)' : ''}`, prior: refused ? 0.01 : 0.003, words: `${refused ? 'tried to run' : 'ran'} what looks like ${like} in pod ${name} of ${namespace}${refused ? ' and was refused' : ''}` }];
  },
};
