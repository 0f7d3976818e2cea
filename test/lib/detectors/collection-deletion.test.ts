import { collectionDeletion } from '../../../lib/detectors/collection-deletion.ts';
import { testActs } from './verdicts.ts';

const all = { verb: 'deletecollection', resource: 'pods', namespace: 'shop', name: '' } as const;

testActs(collectionDeletion, {
  hits: [
    ['all pods of a namespace deleted', all, ['pods shop']],
    ['all volumes of the cluster deleted', { ...all, resource: 'persistentvolumes', namespace: '' }, ['persistentvolumes ']],
  ],
  misses: [
    ['one pod deleted', { ...all, verb: 'delete', name: 'cart-0' }],
    ['a deletion that was refused', { ...all, outcome: 'refused', code: 403 }],
    ['a deletion that failed', { ...all, outcome: 'failed', code: 500 }],
  ],
});
