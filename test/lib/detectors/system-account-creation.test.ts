import { systemAccountCreation } from '../../../lib/detectors/system-account-creation.ts';
import { testActs } from './verdicts.ts';

const account = { verb: 'create', resource: 'serviceaccounts', namespace: 'kube-system', name: 'x', code: 201 } as const;

testActs(systemAccountCreation, {
  hits: [
    ['one made', account, ['create serviceaccounts kube-system']],
    ['an attempt', { ...account, outcome: 'refused', code: 403 }, ['create serviceaccounts kube-system(refused)']],
  ],
  misses: [
    ['one of a workload', { ...account, namespace: 'shop' }],
    ['a token', { ...account, resource: 'serviceaccounts/token' }],
    ['one deleted', { ...account, verb: 'delete', code: 200 }],
  ],
});
