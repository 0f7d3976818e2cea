import { workloadChange } from '../../../lib/detectors/workload-change.ts';
import { testActs } from './verdicts.ts';

const change = { verb: 'create', resource: 'apps/deployments', namespace: 'shop', name: 'cart' } as const;

testActs(workloadChange, {
  hits: [
    ['a Deployment made', change, ['create apps/deployments in shop']],
    ['a pod made', { ...change, resource: 'pods' }, ['create pods in shop']],
    ['an apply on the server\'s side', { ...change, verb: 'patch' }, ['patch apps/deployments in shop']],
    ['a scheduled job changed', { ...change, verb: 'update', resource: 'batch/cronjobs' }, ['update batch/cronjobs in shop']],
  ],
  misses: [
    ['a Deployment read', { ...change, verb: 'get' }],
    ['a Deployment deleted', { ...change, verb: 'delete' }],
    ['its state written', { ...change, verb: 'patch', resource: 'apps/deployments/status' }],
    ['a change that was refused', { ...change, outcome: 'refused', code: 403 }],
    ['a config map', { ...change, resource: 'configmaps' }],
  ],
});
