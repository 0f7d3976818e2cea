import { portForward } from '../../../lib/detectors/port-forward.ts';
import { testActs } from './verdicts.ts';

const tunnel = { verb: 'create', resource: 'pods/portforward', namespace: 'shop', name: 'cart-0', code: 101 } as const;

testActs(portForward, {
  hits: [
    ['a tunnel to a pod', tunnel, ['shop']],
    ['a tunnel over a websocket', { ...tunnel, verb: 'get' }, ['shop']],
    ['a tunnel to a database, by its name', { ...tunnel, name: 'orders-db-0' }, ['data: shop']],
    ['a tunnel to a database, by its port', { ...tunnel, query: new URLSearchParams('ports=5432') }, ['data: shop']],
    ['a refused tunnel as another act', { ...tunnel, outcome: 'refused', code: 403 }, ['shop (refused)']],
  ],
  misses: [
    ['a tunnel to a pod that is not there', { ...tunnel, outcome: 'missing', code: 404 }],
    ['a command in a pod', { ...tunnel, resource: 'pods/exec' }],
    ['a kind of the same name', { ...tunnel, resource: 'example.com/pods/portforward' }],
  ],
});
