import { roleMappingChange } from '../../../lib/detectors/role-mapping-change.ts';
import { testActs } from './verdicts.ts';

const map = { verb: 'patch', resource: 'configmaps', namespace: 'kube-system', name: 'aws-auth' } as const;

testActs(roleMappingChange, {
  hits: [
    ['the map changed', map, ['patch configmaps kube-system']],
    ['the map deleted', { ...map, verb: 'delete' }, ['delete configmaps kube-system']],
    ['an attempt', { ...map, outcome: 'refused', code: 403 }, ['patch configmaps kube-system(refused)']],
  ],
  misses: [
    ['the map read', { ...map, verb: 'get' }],
    ['a map of the same name elsewhere', { ...map, namespace: 'shop' }],
    ['another map', { ...map, name: 'aws-auth-copy' }],
  ],
});
