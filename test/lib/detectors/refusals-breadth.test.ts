import { refusalsBreadth } from '../../../lib/detectors/refusals-breadth.ts';
import { nobody, stranger } from '../requests.ts';
import { testBreadth } from './verdicts.ts';

const refused = { verb: 'get', resource: 'secrets', namespace: 'shop', name: 'one', outcome: 'refused', code: 403, body: undefined } as const;

testBreadth(refusalsBreadth, {
  hits: [
    ['a kind in a namespace, whichever the object', refused, 'get secrets shop'],
    ['a list, which has no name', { ...refused, verb: 'list', name: '' }, 'list secrets shop'],
    ['a path that is no object', { ...refused, resource: '', namespace: '', name: '', path: '/metrics' }, '/metrics'],
    ['what somebody without credentials tries', { ...refused, identity: nobody }, 'get secrets shop'],
  ],
  misses: [
    ['what is allowed', { ...refused, outcome: 'ok', code: 200 }],
    ['what is not there', { ...refused, outcome: 'missing', code: 404 }],
    ['tokens that are not valid, which are counted elsewhere', { ...refused, identity: stranger, code: 401 }],
  ],
});
