import { isSystemNamespace } from '../audit/names.ts';
import { changeDetector } from './change.ts';

/** Secrets written by one that does not write them. */
export const secretChange = changeDetector({
  id: 'secret-change',
  category: 'credential-abuse',
  techniques: ['T1552.007'],
  check: 'See whether the secret holds a token, and who reads it',
  innocent: 'A password that is replaced by hand, or a new application\'s first secret.',
  resource: /^secrets$/,
  verbs: ['create', 'update', 'patch', 'delete'],
  prior: 0.05,
  words: 'a secret',
  when: ({ namespace }) => !isSystemNamespace(namespace),
});
