import { staticPod } from '../../../lib/detectors/static-pod.ts';
import { node } from '../requests.ts';
import { testActs } from './verdicts.ts';

const mirror = { identity: node, verb: 'create', resource: 'pods', namespace: 'shop', name: '', code: 201, body: { metadata: { name: 'x-ip-10-0-0-1' } } } as const;

testActs(staticPod, {
  hits: [
    ['a pod that a node reports', mirror, ['shop']],
    ['one whose body was not kept', { ...mirror, body: undefined }, ['shop']],
    ['a refused one as another act', { ...mirror, outcome: 'refused', code: 403 }, ['refused']],
  ],
  misses: [
    ['a pod made by a workload', { ...mirror, identity: { id: 'system:serviceaccount:shop:cart', kind: 'service-account', peerGroup: 'x' } }],
    ['a pod\'s state, which nodes write', { ...mirror, verb: 'patch', resource: 'pods/status', code: 200 }],
    ['one that is there already', { ...mirror, outcome: 'failed', code: 409 }],
    ['a token for a pod', { ...mirror, resource: 'serviceaccounts/token' }],
  ],
});
