import { isSystemNamespace } from '../audit/names.ts';
import { objectName, writesWorkload } from '../audit/pod-spec.ts';
import { isCreation } from '../audit/request.ts';
import type { ActDetector } from './detector.ts';

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
    const { resource, namespace } = request;
    const verb = isCreation(request) ? 'create' : 'change';
    const inSystem = isSystemNamespace(namespace);
    return [{
      value: `${verb} ${resource} in ${namespace}`,
      ...(inSystem ? { grade: 'system' } : {}),
      prior: inSystem ? 0.01 : 0.3,
      words: `${verb === 'create' ? 'made' : 'changed'} the ${kindOf(resource)} ${objectName(request)} in ${namespace}`,
    }];
  },
};

/** `apps/deployments` is a deployment. */
function kindOf(resource: string): string {
  return resource.replace(/^.*\//, '').replace(/s$/, '');
}
