import { changeDetector } from './change.ts';

/** A volume that is a directory of a node. */
export const storageOfHost = changeDetector({
  id: 'storage-of-host',
  category: 'privilege-escalation',
  techniques: ['T1611'],
  check: 'See which directory it is and which pod claims it: it shows in no pod',
  innocent: 'A volume on a node\'s own disk for a test or a database.',
  resource: /^persistentvolumes$/,
  verbs: ['create', 'update', 'patch'],
  prior: 0.005,
  words: 'a volume of a node\'s directory',
  when: ({ body }) => hasHostPath(body),
});

function hasHostPath(body: unknown): boolean {
  return (body as { spec?: { hostPath?: unknown } | null } | null | undefined)?.spec?.hostPath !== undefined;
}
