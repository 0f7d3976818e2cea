import { namespaceCreation } from '../../../lib/detectors/namespace-creation.ts';
import { testActs } from './verdicts.ts';

const made = { verb: 'create', resource: 'namespaces', namespace: '', name: 'x', code: 201 } as const;

testActs(namespaceCreation, {
  hits: [
    ['a namespace made', made, ['create namespaces ']],
    ['one made by an apply on the server\'s side', { ...made, verb: 'patch' }, ['create namespaces ']],
    ['one named like the cluster\'s own', { ...made, name: '', body: { metadata: { name: 'kube-metrics' } } }, ['system: create namespaces ']],
  ],
  misses: [
    ['one changed', { ...made, verb: 'patch', code: 200 }],
    ['one deleted', { ...made, verb: 'delete', code: 200 }],
    ['one that is there already', { ...made, outcome: 'failed', code: 409 }],
  ],
});
