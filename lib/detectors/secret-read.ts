import { isSystemNamespace, stableName } from '../audit/names.ts';
import type { ApiRequest } from '../audit/request.ts';
import type { Identity } from '../identity.ts';
import type { Act, ActDetector } from './detector.ts';

const everything = 'all of every namespace';

/** Secrets read that this identity does not read. */
export const secretRead: ActDetector = {
  kind: 'act',
  id: 'secret-read',
  category: 'credential-abuse',
  techniques: ['T1552.007'],
  check: 'Find out whether it needs these secrets; if not, rotate them and take the permission away',
  innocent: 'A new deployment pipeline\'s first run.',
  detect(request) {
    const { verb, resource, name, outcome } = request;
    if (resource !== 'secrets' || !['get', 'list', 'watch'].includes(verb)) return [];
    if (outcome === 'refused') return refusal(request);
    if (outcome !== 'ok') return [];
    return [name === '' ? listing(request) : reading(request)];
  },
};

/** A workload asks only for what it is meant to have; people try, and are refused. Many refusals are counted. */
function refusal({ identity, verb, namespace }: ApiRequest): Act[] {
  if (identity.kind !== 'service-account') return [];
  const isGreat = namespace === '' || isSystemNamespace(namespace);
  const words = `tried to ${verb === 'get' ? 'read' : verb} secrets of ${namespace === '' ? 'every namespace' : namespace} and was refused`;
  return [{ value: 'refused', ...(isGreat ? { grade: 'great' } : {}), prior: isGreat ? 0.15 : 0.3, words }];
}

function listing({ identity, username, verb, namespace }: ApiRequest): Act {
  const did = verb === 'watch' ? 'watched' : 'listed';
  if (namespace === '') return { value: everything, prior: 0.005, words: `${did} all secrets of every namespace` };
  const act: Act = { value: `all of ${namespace}`, prior: usual(identity), impliedBy: [everything], words: `${did} all secrets of ${namespace}` };
  if (isSystemNamespace(namespace)) return { ...act, prior: 0.005 };
  if (identity.kind !== 'service-account') return act;
  return { ...act, prior: isOwnNamespace(username, namespace) ? 0.25 : 0.02 };
}

function reading({ identity, username, namespace, name }: ApiRequest): Act {
  const act: Act = { value: `${namespace}/${stableName(name)}`, prior: usual(identity), impliedBy: [`all of ${namespace}`, everything], words: `read the secret ${name} of ${namespace}` };
  if (isSystemNamespace(namespace)) return { ...act, prior: 0.01 };
  if (identity.kind !== 'service-account') return act;
  if (!isOwnNamespace(username, namespace)) return { ...act, prior: 0.02 };
  // Named like its reader, it is meant for it.
  return { ...act, prior: name.startsWith(`${username.replace(/^.*:/, '')}-`) ? 0.4 : 0.1 };
}

/** A person looks at this and that; a pipeline has its task. */
function usual({ kind }: Identity): number {
  return kind === 'person' ? 0.4 : 0.25;
}

function isOwnNamespace(username: string, namespace: string): boolean {
  return username.startsWith(`system:serviceaccount:${namespace}:`);
}
