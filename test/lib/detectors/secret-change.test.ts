import { secretChange } from '../../../lib/detectors/secret-change.ts';
import { testActs } from './verdicts.ts';

const secret = { verb: 'create', resource: 'secrets', namespace: 'shop', name: 'x' } as const;

testActs(secretChange, {
  hits: [
    ['one made', secret, ['create secrets shop']],
    ['one deleted', { ...secret, verb: 'delete' }, ['delete secrets shop']],
    ['an attempt', { ...secret, verb: 'update', outcome: 'refused', code: 403 }, ['update secrets shop(refused)']],
  ],
  misses: [
    ['one read', { ...secret, verb: 'get' }],
    ['one of the cluster\'s own', { ...secret, namespace: 'kube-system' }],
    ['a config map', { ...secret, resource: 'configmaps' }],
  ],
});
