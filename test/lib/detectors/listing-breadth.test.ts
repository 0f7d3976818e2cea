import { listingBreadth } from '../../../lib/detectors/listing-breadth.ts';
import { testBreadth } from './verdicts.ts';

const list = { verb: 'list', resource: 'apps/deployments', namespace: 'shop', name: '' } as const;

testBreadth(listingBreadth, {
  hits: [
    ['a kind in a namespace', list, 'apps/deployments shop'],
    ['a kind in the cluster', { ...list, namespace: '' }, 'apps/deployments '],
    ['what was refused, since it was asked for', { ...list, outcome: 'refused', code: 403 }, 'apps/deployments shop'],
  ],
  misses: [
    ['one object read', { ...list, verb: 'get', name: 'cart' }],
    ['a kind watched', { ...list, verb: 'watch' }],
    ['a path that is no object', { ...list, verb: 'get', resource: '', path: '/apis' }],
  ],
});
