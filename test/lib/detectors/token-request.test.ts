import { tokenRequest } from '../../../lib/detectors/token-request.ts';
import { testActs } from './verdicts.ts';

const token = { verb: 'create', resource: 'serviceaccounts/token', namespace: 'kube-system', name: 'clusterrole-aggregation-controller' } as const;

testActs(tokenRequest, {
  hits: [
    ['a token made', token, ['kube-system/clusterrole-aggregation-controller']],
    ['a refused one as another act', { ...token, outcome: 'refused', code: 403 }, ['kube-system/clusterrole-aggregation-controller (refused)']],
    ['one that failed as another act', { ...token, outcome: 'failed', code: 500 }, ['kube-system/clusterrole-aggregation-controller (refused)']],
  ],
  misses: [
    ['a service account made', { ...token, resource: 'serviceaccounts' }],
    ['a token\'s check', { ...token, resource: 'authentication.k8s.io/tokenreviews' }],
    ['another verb', { ...token, verb: 'get' }],
  ],
});
