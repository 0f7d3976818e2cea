import * as z from 'zod';
import type { ApiRequest } from '../audit/request.ts';
import type { ActDetector } from './detector.ts';

const kinds = /^rbac\.authorization\.k8s\.io\/(clusterrolebindings|rolebindings|clusterroles|roles)$/;
const rule = z.object({ verbs: z.array(z.string()).nullish(), resources: z.array(z.string()).nullish() });
const bodySchema = z.object({
  rules: z.array(rule).nullish().catch(undefined),
  roleRef: z.object({ name: z.string() }).nullish().catch(undefined),
  subjects: z.array(z.object({ kind: z.string().catch(''), name: z.string().catch('') })).nullish().catch(undefined),
});
const greatRoles = new Set(['cluster-admin', 'admin', 'system:masters']);
const greatVerbs = new Set(['*', 'escalate', 'bind', 'impersonate']);
const everybody = new Set(['system:anonymous', 'system:unauthenticated', 'system:authenticated', 'system:serviceaccounts']);

/** Roles or bindings written by one that does not write them. */
export const permissionChange: ActDetector = {
  kind: 'act',
  id: 'permission-change',
  category: 'privilege-escalation',
  techniques: ['T1098.006'],
  check: 'See what the role or binding allows to whom, and delete it if nobody asked for it',
  detect(request) {
    const [, kind = ''] = kinds.exec(request.resource) ?? [];
    if (kind === '' || request.outcome !== 'ok' || !['create', 'update', 'patch', 'delete'].includes(request.verb)) return [];
    const power = request.verb === 'delete' ? '' : powerOf(request);
    const where = request.namespace === '' ? '' : ` in ${request.namespace}`;
    return [{
      value: `${request.verb} ${kind}${where}${power}`,
      prior: power === '' ? 0.02 : 0.0005,
      words: `${request.verb}d ${kind.slice(0, -1)} ${request.name || nameIn(request)}${where}${power}`.replace('patchd', 'patched'),
    }];
  },
};

function powerOf(request: ApiRequest): string {
  const body = bodySchema.safeParse(request.body);
  if (!body.success) return '';
  const { rules, roleRef, subjects } = body.data;
  if (subjects?.some(({ name }) => everybody.has(name))) return ', for everybody';
  if (roleRef && greatRoles.has(roleRef.name)) return `, with the role ${roleRef.name}`;
  if (rules?.some(({ verbs, resources }) => verbs?.some((verb) => greatVerbs.has(verb)) && (verbs.includes('*') ? resources?.includes('*') : true))) return ', with all or escalating rights';
  return '';
}

function nameIn({ body }: ApiRequest): string {
  const parsed = z.object({ metadata: z.object({ name: z.string() }) }).safeParse(body);
  return parsed.success ? parsed.data.metadata.name : '';
}
