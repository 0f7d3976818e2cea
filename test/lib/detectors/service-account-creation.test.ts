import { serviceAccountCreation } from '../../../lib/detectors/service-account-creation.ts';
import { testActs } from './verdicts.ts';

const account = { verb: 'create', resource: 'serviceaccounts', namespace: 'shop', name: 'x', code: 201 } as const;

testActs(serviceAccountCreation, {
  hits: [['one made', account, ['create serviceaccounts shop']]],
  misses: [
    ['one of the cluster\'s own', { ...account, namespace: 'kube-system' }],
    ['a token', { ...account, resource: 'serviceaccounts/token' }],
    ['one changed', { ...account, verb: 'update', code: 200 }],
    ['one that is there already', { ...account, outcome: 'failed', code: 409 }],
  ],
});
