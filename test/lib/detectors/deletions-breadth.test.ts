import { deletionsBreadth } from '../../../lib/detectors/deletions-breadth.ts';
import { testBreadth } from './verdicts.ts';

const remove = { verb: 'delete', resource: 'persistentvolumeclaims', namespace: 'shop', name: 'data' } as const;

testBreadth(deletionsBreadth, {
  hits: [
    ['an object', remove, 'persistentvolumeclaims shop/data'],
    ['a collection', { ...remove, verb: 'deletecollection', name: '' }, 'persistentvolumeclaims shop/'],
    ['pods that a generator named as one', { ...remove, resource: 'pods', name: 'cart-7d9c5b8f64-x2x4z' }, 'pods shop/cart-*'],
  ],
  misses: [
    ['a refused deletion', { ...remove, outcome: 'refused', code: 403 }],
    ['what is not there', { ...remove, outcome: 'missing', code: 404 }],
    ['a deletion that is only tried out', { ...remove, query: new URLSearchParams('dryRun=All') }],
    ['a change', { ...remove, verb: 'patch' }],
  ],
});
