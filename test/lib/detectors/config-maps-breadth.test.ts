import { configMapsBreadth } from '../../../lib/detectors/config-maps-breadth.ts';
import { testBreadth } from './verdicts.ts';

const read = { verb: 'get', resource: 'configmaps', namespace: 'shop', name: 'settings' } as const;

testBreadth(configMapsBreadth, {
  hits: [
    ['a config map', read, 'shop/settings'],
  ],
  misses: [
    ['a namespace\'s config maps listed', { ...read, verb: 'list', name: '' }],
    ['a refused reading', { ...read, outcome: 'refused', code: 403 }],
    ['a controller that watches', { ...read, verb: 'watch', name: '' }],
    ['a secret', { ...read, resource: 'secrets' }],
  ],
});
