import { namespaceDeletion } from '../../../lib/detectors/namespace-deletion.ts';
import { testActs } from './verdicts.ts';

const gone = { verb: 'delete', resource: 'namespaces', namespace: '', name: 'shop' } as const;

testActs(namespaceDeletion, {
  hits: [
    ['a namespace deleted', gone, ['delete namespaces ']],
    ['an attempt', { ...gone, outcome: 'refused', code: 403 }, ['delete namespaces (refused)']],
  ],
  misses: [
    ['one that is not there', { ...gone, outcome: 'missing', code: 404 }],
    ['its finalizers', { ...gone, verb: 'update', resource: 'namespaces/finalize' }],
    ['one made', { ...gone, verb: 'create' }],
  ],
});
