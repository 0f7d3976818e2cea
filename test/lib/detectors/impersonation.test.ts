import { impersonation } from '../../../lib/detectors/impersonation.ts';
import { testActs } from './verdicts.ts';

testActs(impersonation, {
  hits: [
    ['somebody who acts as the masters', { impersonated: 'system:masters' }, ['system: system:masters']],
    ['somebody who acts as himself, in the masters\' group', { impersonated: 'bob', impersonatedGroups: ['system:masters'] }, ['masters: bob']],
    ['somebody who acts as a controller', { impersonated: 'system:serviceaccount:kube-system:namespace-controller' }, ['system: system:serviceaccount:kube-system:namespace-controller']],
    ['somebody who acts as a colleague', { impersonated: 'bob' }, ['bob']],
    ['a refused request in another name', { impersonated: 'bob', outcome: 'refused', code: 403 }, ['bob']],
    ['a name of a megabyte', { impersonated: 'b'.repeat(1_000_000) }, ['b'.repeat(1_000_000)]],
  ],
  misses: [['somebody who acts as himself', { impersonated: undefined }]],
});
