import { expect, test } from '@jest/globals';
import { exec } from '../../../lib/detectors/exec.ts';
import { apiRequest } from '../requests.ts';
import { testActs } from './verdicts.ts';

const inPod = { resource: 'pods/exec', namespace: 'shop', name: 'cart-0' } as const;

testActs(exec, {
  hits: [
    ['a command over a websocket, which comes as get', { ...inPod, verb: 'get', code: 101 }, ['shop']],
    ['a command over SPDY, which comes as create', { ...inPod, verb: 'create', code: 101 }, ['shop']],
    ['an attachment', { ...inPod, verb: 'create', resource: 'pods/attach', code: 101 }, ['shop']],
    ['a refused command as another act', { ...inPod, verb: 'create', outcome: 'refused', code: 403 }, ['shop (refused)']],
    ['a command in the cluster\'s own namespace', { ...inPod, verb: 'get', namespace: 'kube-system' }, ['kube-system']],
  ],
  misses: [
    ['a command in a pod that is not there', { ...inPod, verb: 'get', outcome: 'missing', code: 404 }],
    ['the reading of a pod', { verb: 'get', resource: 'pods', namespace: 'shop', name: 'exec' }],
    ['the reading of a pod\'s log', { verb: 'get', resource: 'pods/log', namespace: 'shop', name: 'cart-0' }],
  ],
});

test('takes a command among the cluster\'s own pods as less likely than elsewhere', () => {
  const [own, other] = ['kube-system', 'shop'].map((namespace) => exec.detect(apiRequest({ ...inPod, namespace }))[0]?.prior ?? 0);
  expect(own).toBeLessThan(other ?? 0);
});
