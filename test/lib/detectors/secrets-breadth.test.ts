import { secretsBreadth } from '../../../lib/detectors/secrets-breadth.ts';
import { testBreadth } from './verdicts.ts';

const read = { verb: 'get', resource: 'secrets', namespace: 'shop', name: 'database' } as const;

testBreadth(secretsBreadth, {
  hits: [
    ['a secret', read, 'shop/database'],
  ],
  misses: [
    ['a namespace\'s secrets listed, which is an act', { ...read, verb: 'list', name: '' }],
    ['a refused reading', { ...read, outcome: 'refused', code: 403 }],
    ['a controller that watches', { ...read, verb: 'watch', name: '' }],
    ['a config map', { ...read, resource: 'configmaps' }],
  ],
});
