import { isOnlyMarked } from '../audit/body.ts';
import { isSystemNamespace } from '../audit/names.ts';
import { objectName, writesWorkload } from '../audit/pod-spec.ts';
import { isCreation } from '../audit/request.ts';
import type { ActDetector } from './detector.ts';

/** The cluster's own namespace, where changes reach furthest, and the one that is meant for nothing. */
function gradeOf(namespace: string, isMade: boolean): { readonly grade?: string; readonly prior: number } {
  if (isSystemNamespace(namespace)) return { grade: 'system', prior: isMade ? 0.01 : 0.025 };
  return namespace === 'default' ? { grade: 'default', prior: 0.1 } : { prior: 0.45 };
}

/** Workloads made or changed where this identity does not. */
export const workloadChange: ActDetector = {
  kind: 'act',
  id: 'workload-change',
  category: 'execution',
  techniques: ['T1610'],
  check: 'See what the workload runs and who asked for it',
  innocent: 'A team that deploys by hand, or into a namespace that is new to it.',
  detect(request) {
    if (request.outcome !== 'ok' || !writesWorkload(request) || request.resource === 'pods/ephemeralcontainers') return [];
    // Labels and annotations change nothing of what runs.
    if (request.verb === 'patch' && isOnlyMarked(request.body)) return [];
    const { resource, namespace } = request;
    const verb = isCreation(request) ? 'create' : 'change';
    return [{
      value: `${verb} ${resource} in ${namespace}`,
      ...gradeOf(namespace, verb === 'create'),
      words: `${verb === 'create' ? 'made' : 'changed'} the ${kindOf(resource)} ${objectName(request)} in ${namespace}`,
    }];
  },
};

/** `apps/deployments` is a deployment. */
function kindOf(resource: string): string {
  return resource.replace(/^.*\//, '').replace(/s$/, '');
}
