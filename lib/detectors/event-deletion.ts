import { changeDetector } from './change.ts';

/** Events deleted: they show what happened. */
export const eventDeletion = changeDetector({
  id: 'event-deletion',
  category: 'defense-evasion',
  techniques: ['T1070'],
  check: 'Look at what happened just before: events show it, and whoever deletes them may hide it; the audit log still has it',
  innocent: 'A clean-up script for a cluster whose database is full of events.',
  resource: /^(events\.k8s\.io\/)?events$/,
  verbs: ['delete', 'deletecollection'],
  prior: 0.001,
  words: 'an event',
});
