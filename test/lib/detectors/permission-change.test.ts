import { permissionChange } from '../../../lib/detectors/permission-change.ts';
import { brokenBodies, testActs } from './verdicts.ts';

const rbac = (verb: string, kind: string, body: unknown = undefined) => ({ verb, resource: `rbac.authorization.k8s.io/${kind}`, namespace: '', name: 'x', body });
const binding = (name: string, role = 'view') => ({ roleRef: { kind: 'ClusterRole', name: role }, subjects: [{ kind: 'User', name }] });
const role = (verbs: unknown, resources: unknown = ['pods']) => ({ rules: [{ apiGroups: ['*'], verbs, resources }] });

testActs(permissionChange, {
  hits: [
    ['a role made', rbac('create', 'clusterroles', role(['get'])), ['create clusterroles']],
    ['a binding changed by an apply on the server\'s side', { ...rbac('patch', 'rolebindings', binding('bob')), namespace: 'shop' }, ['patch rolebindings']],
    ['a binding made by one', { ...rbac('patch', 'rolebindings', binding('bob')), code: 201 }, ['create rolebindings']],
    ['a binding deleted', rbac('delete', 'clusterrolebindings'), ['delete clusterrolebindings']],
    ['a binding to the greatest role', rbac('create', 'clusterrolebindings', binding('bob', 'cluster-admin')), ['power: create clusterrolebindings, with a role that rules the cluster']],
    ['a binding for everybody', rbac('create', 'clusterrolebindings', binding('system:unauthenticated')), ['power: create clusterrolebindings, for everybody, even without credentials']],
    ['a role that may do all', rbac('update', 'clusterroles', role(['*'], ['*'])), ['power: update clusterroles, with all rights']],
    ['a role that may escalate', rbac('create', 'roles', role(['*', 'escalate'], ['roles'])), ['power: create roles, with rights that lead to more rights']],
    ['a role that may read secrets', rbac('create', 'roles', role(['get'], ['secrets'])), ['power: create roles, with rights to secrets, commands or tokens']],
    ['a role that may do all with pods', rbac('create', 'roles', role(['*'])), ['power: create roles, with rights to make workloads']],
    ['a role that may do all with one kind as an ordinary one', rbac('create', 'roles', role(['*'], ['configmaps'])), ['create roles']],
    ['an operator\'s role for all of its own kinds as an ordinary one', rbac('create', 'clusterroles', { rules: [{ apiGroups: ['argoproj.io'], verbs: ['*'], resources: ['*'] }] }), ['create clusterroles']],
    ['a role for one part of all kinds as an ordinary one', rbac('create', 'clusterroles', { rules: [{ apiGroups: ['apps'], verbs: ['get'], resources: ['*/scale'] }] }), ['create clusterroles']],
    ['a binding to all rights of one namespace', rbac('create', 'rolebindings', binding('bob', 'cluster-admin')), ['power: create rolebindings, with all rights in its namespace']],
    ['a binding to edit one namespace', rbac('create', 'rolebindings', binding('bob', 'edit')), ['power: create rolebindings, with rights to write in its namespace']],
    ['a default service account that may see as an ordinary one', rbac('create', 'rolebindings', { ...binding('x'), subjects: [{ kind: 'ServiceAccount', name: 'default' }] }), ['create rolebindings']],
    ['a default service account that may write', rbac('create', 'rolebindings', { ...binding('x', 'edit'), subjects: [{ kind: 'ServiceAccount', name: 'default' }] }), ['power: create rolebindings, for a default service account']],
    ['somebody added to a binding', rbac('patch', 'clusterrolebindings', { subjects: [{ kind: 'User', name: 'bob' }] }), ['power: patch clusterrolebindings, for somebody more, whatever its role is']],
    ['a role that comes with the cluster', { ...rbac('delete', 'clusterroles'), name: 'view' }, ['power: delete clusterroles, in the cluster\'s own name']],
    ['an attempt as another act', { ...rbac('create', 'clusterroles'), outcome: 'refused', code: 403 }, ['create clusterroles (refused)']],
    ['a power beside broken rules', rbac('create', 'clusterrolebindings', { ...binding('bob', 'cluster-admin'), rules: 'x', subjects: [7] }), ['power: create clusterrolebindings, with a role that rules the cluster']],
    ...brokenBodies.map(([title, body]) => [`a role with ${title}`, rbac('create', 'roles', body), ['create roles']] as const),
  ],
  misses: [
    ['a role read', rbac('get', 'clusterroles')],
    ['a role that is not there', { ...rbac('delete', 'clusterroles'), outcome: 'missing', code: 404 }],
    ['another object of the kind\'s name', { ...rbac('create', 'roles'), resource: 'example.com/roles' }],
  ],
});
