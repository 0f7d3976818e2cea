import { isSystemNamespace } from '../audit/names.ts';
import { changeDetector } from './change.ts';

/** Secrets written among the cluster's own: so long-lived tokens are made. */
export const systemSecretChange = changeDetector({
  id: 'system-secret-change',
  category: 'persistence',
  techniques: ['T1098', 'T1552.007'],
  check: 'See whether the secret is a token of a service account, which never expires',
  innocent: 'An add-on that is installed or whose certificate is replaced by hand.',
  resource: /^secrets$/,
  verbs: ['create', 'update', 'patch', 'delete'],
  prior: 0.005,
  words: 'a secret among the cluster\'s own',
  when: ({ namespace }) => isSystemNamespace(namespace),
});
