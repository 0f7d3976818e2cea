import { changeDetector } from './change.ts';

/** A limit that keeps a namespace small was lifted. */
export const quotaChange = changeDetector({
  id: 'quota-change',
  category: 'impact',
  techniques: ['T1496'],
  check: 'See what grew after it',
  innocent: 'A team that has grown and is given more room.',
  resource: /^(resourcequotas|limitranges)$/,
  verbs: ['update', 'patch', 'delete', 'deletecollection'],
  prior: 0.02,
  words: 'a limit of what a namespace may use',
});
