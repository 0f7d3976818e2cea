import * as z from 'zod';
import { objectName } from '../audit/pod-spec.ts';
import type { ActDetector } from './detector.ts';

const bodySchema = z.object({ metadata: z.object({ labels: z.record(z.string(), z.string().nullable()) }) });
const family = 'pod-security.kubernetes.io/';
const enforced = 'pod-security.kubernetes.io/enforce';

/** A namespace's pod security loosened: its enforcement label set to privileged, or taken away. */
export const podSecurityChange: ActDetector = {
  kind: 'act',
  id: 'pod-security-change',
  category: 'defense-evasion',
  techniques: ['T1562.001'],
  check: 'Put the label back, and see which pods came in meanwhile',
  innocent: 'A system component moves into a namespace that was too strict for it.',
  detect(request) {
    if (request.resource !== 'namespaces' || request.outcome !== 'ok' || !['update', 'patch'].includes(request.verb)) return [];
    const labels = bodySchema.safeParse(request.body).data?.metadata.labels ?? {};
    const level = labels[enforced];
    const isLoosened = level === null || level === 'privileged';
    if (isLoosened) return [{ value: 'loosened', prior: 0.001, words: `loosened the pod security of the namespace ${objectName(request)}` }];
    // A whole new version that only warns.
    const isToothless = request.verb === 'update' && level === undefined && Object.keys(labels).some((key) => key.startsWith(family));
    return isToothless ? [{ value: 'not enforced', prior: 0.01, words: `left the namespace ${objectName(request)} with a pod security that is not enforced` }] : [];
  },
};
