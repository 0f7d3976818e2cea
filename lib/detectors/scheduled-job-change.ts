import { changeDetector } from './change.ts';

/** A scheduled job made or changed. */
export const scheduledJobChange = changeDetector({
  id: 'scheduled-job-change',
  category: 'persistence',
  techniques: ['T1053.007'],
  check: 'See what the job runs, and when',
  innocent: 'A new nightly report or backup.',
  resource: /^batch\/cronjobs$/,
  verbs: ['create', 'update', 'patch'],
  prior: 0.01,
  words: 'a scheduled job',
});
