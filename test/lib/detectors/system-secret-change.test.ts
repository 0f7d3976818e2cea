import { systemSecretChange } from '../../../lib/detectors/system-secret-change.ts';
import { testActs } from './verdicts.ts';

const secret = { verb: 'create', resource: 'secrets', namespace: 'kube-system', name: 'x' } as const;

testActs(systemSecretChange, {
  hits: [
    ['one made', secret, ['create secrets kube-system']],
    ['one changed by a patch', { ...secret, verb: 'patch' }, ['patch secrets kube-system']],
  ],
  misses: [
    ['one read', { ...secret, verb: 'get' }],
    ['one of a workload', { ...secret, namespace: 'shop' }],
    ['one in a namespace whose name only begins so', { ...secret, namespace: 'kube-system-x' }],
  ],
});
