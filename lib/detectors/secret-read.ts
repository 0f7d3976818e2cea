import { stableName } from '../audit/names.ts';
import type { Act, ActDetector } from './detector.ts';

const everything = 'all of every namespace';

/** Secrets read that this identity does not read. */
export const secretRead: ActDetector = {
  kind: 'act',
  id: 'secret-read',
  category: 'credential-abuse',
  techniques: ['T1552.007'],
  check: 'Ask whether it needs these secrets; if not, rotate them and take the permission away',
  innocent: 'A new deployment pipeline\'s first run.',
  detect({ verb, resource, namespace, name, outcome }) {
    if (resource !== 'secrets' || outcome !== 'ok' || !['get', 'list', 'watch'].includes(verb)) return [];
    return [name === '' ? listing(verb, namespace) : reading(namespace, name)];
  },
};

function listing(verb: string, namespace: string): Act {
  const scope = namespace === '' ? 'every namespace' : namespace;
  return { value: `all of ${scope}`, prior: namespace === '' ? 0.02 : 0.05, impliedBy: [everything], words: `${verb === 'watch' ? 'watched' : 'listed'} all secrets of ${scope}` };
}

function reading(namespace: string, name: string): Act {
  return { value: `${namespace}/${stableName(name)}`, prior: 0.05, impliedBy: [`all of ${namespace}`, everything], words: `read the secret ${name} of ${namespace}` };
}
