import { secretsBreadth } from '../../../lib/detectors/secrets-breadth.ts';
import { testBreadth } from './verdicts.ts';

const read = { verb: 'get', resource: 'secrets', namespace: 'shop', name: 'database' } as const;

testBreadth(secretsBreadth, {
  hits: [
    ['a secret', read, 'shop/database'],
    ['a namespace\'s secrets listed', { ...read, verb: 'list', name: '' }, 'shop/'],
  ],
  misses: [
    ['a refused reading', { ...read, outcome: 'refused', code: 403 }],
    ['a controller that watches', { ...read, verb: 'watch', name: '' }],
    ['a config map', { ...read, resource: 'configmaps' }],
  ],
});
