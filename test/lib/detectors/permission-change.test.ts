import { permissionChange } from '../../../lib/detectors/permission-change.ts';
import { brokenBodies, testActs } from './verdicts.ts';

const rbac = (verb: string, kind: string, body: unknown = undefined) => ({ verb, resource: `rbac.authorization.k8s.io/${kind}`, namespace: '', name: 'x', body });
const binding = (name: string, role = 'view') => ({ roleRef: { kind: 'ClusterRole', name: role }, subjects: [{ kind: 'User', name }] });
const role = (verbs: unknown, resources: unknown = ['pods']) => ({ rules: [{ apiGroups: ['*'], verbs, resources }] });

testActs(permissionChange, {
  hits: [
    ['a role made', rbac('create', 'clusterroles', role(['get'])), ['create clusterroles']],
    ['a binding applied on the server\'s side', { ...rbac('patch', 'rolebindings', binding('bob')), namespace: 'shop' }, ['patch rolebindings in shop']],
    ['a binding deleted', rbac('delete', 'clusterrolebindings'), ['delete clusterrolebindings']],
    ['a binding to the greatest role', rbac('create', 'clusterrolebindings', binding('bob', 'cluster-admin')), ['create clusterrolebindings, with the role cluster-admin']],
    ['a binding for everybody', rbac('create', 'clusterrolebindings', binding('system:unauthenticated')), ['create clusterrolebindings, for everybody']],
    ['a role that may do all', rbac('update', 'clusterroles', role(['*'], ['*'])), ['update clusterroles, with all or escalating rights']],
    ['a role that may escalate', rbac('create', 'roles', role(['get', 'escalate'], ['roles'])), ['create roles, with all or escalating rights']],
    ['a role that may do all with one kind as an ordinary one', rbac('create', 'roles', role(['*'])), ['create roles']],
    ...brokenBodies.map(([title, body]) => [`a role with ${title}`, rbac('create', 'roles', body), ['create roles']] as const),
  ],
  misses: [
    ['a role read', rbac('get', 'clusterroles')],
    ['a role that was refused', { ...rbac('create', 'clusterroles'), outcome: 'refused', code: 403 }],
    ['another object of the kind\'s name', { ...rbac('create', 'roles'), resource: 'example.com/roles' }],
  ],
});
