import * as z from 'zod';
import { isSensitiveHostPath } from '../audit/pod-spec.ts';
import { changeDetector } from './change.ts';

const volume = z.object({ spec: z.object({ hostPath: z.object({ path: z.string().catch('') }) }) });

/** A volume that is a directory of a node. */
export const storageOfHost = changeDetector({
  id: 'storage-of-host',
  category: 'privilege-escalation',
  techniques: ['T1611'],
  check: 'See which directory it is and which pod claims it: it shows in no pod',
  innocent: 'A volume on a node\'s own disk for a test or a database.',
  resource: /^persistentvolumes$/,
  verbs: ['create', 'update', 'patch'],
  prior: 0.05,
  words: 'a volume of a node\'s directory',
  grave: { grade: 'system', prior: 0.005, words: 'a volume of a node\'s own system', when: ({ body }) => isSensitiveHostPath(pathOf(body) ?? '') },
  when: ({ body }) => pathOf(body) !== undefined,
});

function pathOf(body: unknown): string | undefined {
  return volume.safeParse(body).data?.spec.hostPath.path;
}
