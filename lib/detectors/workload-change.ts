import { writesWorkload } from '../audit/pod-spec.ts';
import type { ActDetector } from './detector.ts';

/** Workloads made or changed where this identity does not. */
export const workloadChange: ActDetector = {
  kind: 'act',
  id: 'workload-change',
  category: 'execution',
  techniques: ['T1610'],
  check: 'See what the workload runs and who asked for it',
  detect(request) {
    if (request.outcome !== 'ok' || !writesWorkload(request)) return [];
    const { verb, resource, namespace, name } = request;
    return [{ value: `${verb} ${resource} in ${namespace}`, prior: 0.2, words: `${verb === 'create' ? 'made' : 'changed'} ${resource}${name === '' ? '' : ` ${name}`} in ${namespace}` }];
  },
};
