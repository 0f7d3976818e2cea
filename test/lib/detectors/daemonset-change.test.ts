import { daemonsetChange } from '../../../lib/detectors/daemonset-change.ts';
import { testActs } from './verdicts.ts';

const daemon = { verb: 'create', resource: 'apps/daemonsets', namespace: 'shop', name: 'agent', code: 201 } as const;

testActs(daemonsetChange, {
  hits: [
    ['one made', daemon, ['create apps/daemonsets shop']],
    ['one made by an apply on the server\'s side', { ...daemon, verb: 'patch' }, ['create apps/daemonsets shop']],
    ['one deleted', { ...daemon, verb: 'delete', code: 200 }, ['delete apps/daemonsets shop']],
  ],
  misses: [
    ['one changed', { ...daemon, verb: 'patch', code: 200 }],
    ['one read', { ...daemon, verb: 'get', code: 200 }],
    ['a Deployment', { ...daemon, resource: 'apps/deployments' }],
    ['one that is not there', { ...daemon, verb: 'delete', outcome: 'missing', code: 404 }],
  ],
});
