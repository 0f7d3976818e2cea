import { logsBreadth } from '../../../lib/detectors/logs-breadth.ts';
import { testBreadth } from './verdicts.ts';

const pull = { verb: 'get', resource: 'pods/log', namespace: 'shop', name: 'cart-0' } as const;

testBreadth(logsBreadth, {
  hits: [['a pod', pull, 'shop/cart-0']],
  misses: [
    ['logs that were refused', { ...pull, outcome: 'refused', code: 403 }],
    ['the logs of a pod that is not there', { ...pull, outcome: 'missing', code: 404 }],
    ['the pod itself', { ...pull, resource: 'pods' }],
  ],
});
