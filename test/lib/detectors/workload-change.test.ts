import { workloadChange } from '../../../lib/detectors/workload-change.ts';
import { testActs } from './verdicts.ts';

const change = { verb: 'create', resource: 'apps/deployments', namespace: 'shop', name: 'cart' } as const;

testActs(workloadChange, {
  hits: [
    ['a Deployment made', change, ['create apps/deployments in shop']],
    ['a pod made', { ...change, resource: 'pods' }, ['create pods in shop']],
    ['an apply on the server\'s side', { ...change, verb: 'patch' }, ['change apps/deployments in shop']],
    ['a scheduled job changed', { ...change, verb: 'update', resource: 'batch/cronjobs' }, ['change batch/cronjobs in shop']],
    ['an apply that makes something new', { ...change, verb: 'patch', code: 201 }, ['create apps/deployments in shop']],
    ['one among the cluster\'s own apart', { ...change, namespace: 'kube-system' }, ['system: create apps/deployments in kube-system']],
    ['one in the namespace that is meant for nothing apart', { ...change, namespace: 'default' }, ['default: create apps/deployments in default']],
  ],
  misses: [
    ['a debugging container, which is told elsewhere', { ...change, verb: 'patch', resource: 'pods/ephemeralcontainers' }],
    ['a label on a pod', { ...change, verb: 'patch', resource: 'pods', body: { metadata: { labels: { team: 'x' } } } }],
    ['a Deployment read', { ...change, verb: 'get' }],
    ['a Deployment deleted', { ...change, verb: 'delete' }],
    ['its state written', { ...change, verb: 'patch', resource: 'apps/deployments/status' }],
    ['a change that was refused', { ...change, outcome: 'refused', code: 403 }],
    ['a config map', { ...change, resource: 'configmaps' }],
  ],
});
