import * as z from 'zod';
import { isCreation, type ApiRequest } from '../audit/request.ts';
import type { Act, ActDetector } from './detector.ts';

const kinds = /^rbac\.authorization\.k8s\.io\/(clusterrolebindings|rolebindings|clusterroles|roles)$/;
const texts = z.array(z.string()).nullish().catch(undefined);
const rule = z.object({ apiGroups: texts, verbs: texts, resources: texts, nonResourceURLs: texts });
const bodySchema = z.object({
  metadata: z.object({ name: z.string().catch('') }).nullish().catch(undefined),
  rules: z.array(rule).nullish().catch(undefined),
  roleRef: z.object({ name: z.string(), kind: z.string().catch('') }).nullish().catch(undefined),
  subjects: z.array(z.object({ kind: z.string().catch(''), name: z.string().catch(''), namespace: z.string().optional().catch(undefined) })).nullish().catch(undefined),
});
type Body = z.output<typeof bodySchema>;
type Rule = z.output<typeof rule>;

const strangers = new Set(['system:anonymous', 'system:unauthenticated']);
const everybody = new Set(['system:authenticated', 'system:serviceaccounts']);
const greatRoles = /^(cluster-admin|admin|edit|system:(masters|node|aggregate-to-admin|controller:.*|kube-controller-manager|kube-scheduler|node-proxier|kubelet-api-admin|auth-delegator))$/;
const builtIn = /^system:|^(cluster-admin|admin|edit|view)$/;
const greatVerbs = new Set(['escalate', 'bind', 'impersonate', 'approve', 'sign']);
const greatResources = new Set(['pods/exec', 'pods/attach', 'pods/ephemeralcontainers', 'nodes/proxy', 'serviceaccounts/token', 'certificatesigningrequests/approval', 'secrets', 'nodes/*', 'pods/*']);
const permissionKinds = new Set(['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings']);
const workloadKinds = new Set(['pods', 'deployments', 'daemonsets', 'statefulsets', 'replicasets', 'replicationcontrollers', 'jobs', 'cronjobs']);
const readVerbs = new Set(['get', 'list', 'watch']);
const writeVerbs = new Set(['create', 'update', 'patch', '*']);

/**
 * Powers a role or binding can give, the first that fits, with how likely it is that somebody newly gives it.
 * Source: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks
 */
const powers: readonly (readonly [power: string, prior: number, fits: (body: Body, request: ApiRequest) => boolean])[] = [
  ['for everybody, even without credentials', 0.00003, ({ subjects }) => subjects?.some(({ name }) => strangers.has(name)) ?? false],
  ['for everybody', 0.0003, ({ subjects }) => subjects?.some(({ name }) => everybody.has(name)) ?? false],
  ['with a role that rules the cluster', 0.0005, ({ roleRef }, request) => greatRoles.test(roleRef?.name ?? '') && !isWithinNamespace(roleRef?.name ?? '', request)],
  ['with all rights', 0.0005, ({ rules }) => rules?.some(hasAll) ?? false],
  ['with rights that lead to more rights', 0.002, ({ rules }) => rules?.some((one) => has(one.verbs, greatVerbs)) ?? false],
  ['with rights to write roles or bindings', 0.002, ({ rules }) => rules?.some((one) => has(one.resources, permissionKinds) && has(one.verbs, writeVerbs)) ?? false],
  ['with rights to secrets, commands or tokens', 0.005, ({ rules }) => rules?.some((one) => has(one.resources, greatResources) || (isOfCluster(one) && (one.resources?.includes('*') ?? false))) ?? false],
  ['in the cluster\'s own name', 0.005, (_body, request) => builtIn.test(request.name || nameIn(request))],
  ['for a default service account', 0.002, ({ subjects, roleRef }) => roleRef?.name !== 'view' && (subjects?.some(({ kind, name }) => kind === 'ServiceAccount' && name === 'default') ?? false)],
  ['with all rights in its namespace', 0.005, ({ roleRef }) => /^(cluster-)?admin$/.test(roleRef?.name ?? '')],
  ['with rights to make workloads', 0.02, ({ rules }) => rules?.some((one) => has(one.resources, workloadKinds) && has(one.verbs, writeVerbs)) ?? false],
  ['for somebody more, whatever its role is', 0.02, ({ roleRef, subjects }, { resource }) => resource.endsWith('/clusterrolebindings') && !roleRef && (subjects ?? []).length > 0],
  ['with rights to write in its namespace', 0.05, ({ roleRef }) => roleRef?.name === 'edit'],
];

/** What the usual roles allow in one namespace is not the cluster. */
function isWithinNamespace(role: string, { resource }: ApiRequest): boolean {
  return resource.endsWith('/rolebindings') && /^((cluster-)?admin|edit)$/.test(role);
}

/** Roles or bindings written by one that does not write them. */
export const permissionChange: ActDetector = {
  kind: 'act',
  id: 'permission-change',
  category: 'privilege-escalation',
  techniques: ['T1098.006'],
  check: 'See what the role or binding allows to whom, and delete it if nobody asked for it',
  innocent: 'A new team or application that is given the rights it needs.',
  detect(request) {
    const [, kind = ''] = kinds.exec(request.resource) ?? [];
    if (kind === '' || request.outcome === 'missing' || request.outcome === 'failed' || !['create', 'update', 'patch', 'delete'].includes(request.verb)) return [];
    return [actOf(request, kind)];
  },
};

function actOf(request: ApiRequest, kind: string): Act {
  const refused = request.outcome === 'refused';
  const found = powers.find(([, , fits]) => fits(bodyOf(request), request));
  const verb = isCreation(request) ? 'create' : request.verb;
  const did = refused ? `tried to ${verb}` : ({ create: 'created', update: 'changed', patch: 'changed', delete: 'deleted' })[verb] ?? verb;
  const where = request.namespace === '' ? '' : ` in ${request.namespace}`;
  const words = `${did} the ${kind.slice(0, -1)} ${request.name || nameIn(request)}${where}${found ? `, ${found[0]}` : ''}${refused ? ', and was refused' : ''}`;
  const value = `${verb} ${kind}${found ? `, ${found[0]}` : ''}${refused ? ' (refused)' : ''}`;
  // Few machines write permissions, and those that do always did.
  const prior = found?.[1] ?? (request.identity.kind === 'service-account' && !isHarmless(bodyOf(request)) ? 0.1 : 0.25);
  // A body was read only if RBAC allowed the request: then it is its own rights that would not do.
  const isBlind = refused && request.body === undefined;
  return { value, ...(found ? { grade: 'power' } : {}), prior: isBlind ? Math.min(0.5, prior * 3) : prior, words };
}

/** Whether what is given only reads, or is a role of the namespace's own making, which was judged when it was made. */
function isHarmless({ rules, roleRef }: Body): boolean {
  const onlyReads = rules?.every(({ verbs }) => verbs?.every((verb) => readVerbs.has(verb)) ?? false) ?? false;
  return onlyReads || roleRef?.kind === 'Role' || roleRef?.name === 'view';
}

function bodyOf({ body }: ApiRequest): Body {
  return bodySchema.safeParse(body).data ?? {};
}

function hasAll(one: Rule): boolean {
  return (one.verbs?.includes('*') ?? false) && ((isOfCluster(one) && (one.resources?.includes('*') ?? false)) || (one.nonResourceURLs?.includes('*') ?? false));
}

/** Whether a rule speaks of the cluster's own kinds, and not of an operator's alone. */
function isOfCluster({ apiGroups }: Rule): boolean {
  return apiGroups?.some((group) => group === '' || group === '*' || group === 'apps' || group === 'batch' || group === 'rbac.authorization.k8s.io') ?? true;
}

function has(values: readonly string[] | null | undefined, wanted: ReadonlySet<string>): boolean {
  return values?.some((value) => wanted.has(value)) ?? false;
}

function nameIn(request: ApiRequest): string {
  return bodyOf(request).metadata?.name ?? '';
}
