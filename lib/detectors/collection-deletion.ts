import { kindWords } from '../audit/words.ts';
import type { ActDetector } from './detector.ts';

/** All objects of a kind in a namespace deleted by one request. */
export const collectionDeletion: ActDetector = {
  kind: 'act',
  id: 'collection-deletion',
  category: 'impact',
  techniques: ['T1485'],
  check: 'See what is gone, and restore it from a backup',
  innocent: 'A test environment that is emptied by hand.',
  detect({ verb, resource, namespace, outcome }) {
    if (verb !== 'deletecollection' || outcome !== 'ok') return [];
    return [{ value: `${resource} ${namespace}`, prior: 0.02, words: `deleted all ${kindWords(resource)} of ${namespace === '' ? 'the cluster' : namespace}` }];
  },
};
