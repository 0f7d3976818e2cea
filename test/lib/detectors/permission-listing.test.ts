import { permissionListing } from '../../../lib/detectors/permission-listing.ts';
import { testActs } from './verdicts.ts';

const list = { verb: 'list', resource: 'rbac.authorization.k8s.io/clusterrolebindings', namespace: '', name: '' } as const;

testActs(permissionListing, {
  hits: [
    ['the cluster\'s bindings listed', list, ['clusterrolebindings of the cluster']],
    ['a namespace\'s roles listed, whichever it is', { ...list, resource: 'rbac.authorization.k8s.io/roles', namespace: 'shop' }, ['roles of a namespace']],
  ],
  misses: [
    ['one binding read', { ...list, verb: 'get', name: 'x' }],
    ['a controller that watches', { ...list, verb: 'watch' }],
    ['a refused list', { ...list, outcome: 'refused', code: 403 }],
    ['pods listed', { ...list, resource: 'pods' }],
  ],
});
