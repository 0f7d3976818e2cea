import type { Random } from './random.ts';

/** Who an event says the caller is. */
export interface User {
  readonly username?: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** Somebody calling from somewhere with some program. */
export interface Caller {
  readonly user: User;
  readonly address: string;
  readonly agent: string;
}

/** A request, without what follows from it. */
export interface Call {
  readonly verb: string;
  /** `group/resource/subresource`, as detectors name it; without one the request is for `path`, which is else what a proxy is asked for. */
  readonly resource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly path?: string;
  /** Without the question mark. */
  readonly query?: string;
  readonly code?: number;
  readonly body?: object;
  /** Whom the caller acts as. */
  readonly as?: User;
  /** Id of the token that is given out, as the token will carry it. */
  readonly issues?: string;
  /** Seconds a watch or a session lasts. */
  readonly seconds?: number;
}

/** An `audit.k8s.io/v1` event as the API server writes it. */
export type AuditJson = Readonly<Record<string, unknown>> & { readonly auditID: string; readonly stageTimestamp: string; readonly requestReceivedTimestamp: string };

const groups = new Set('apps batch autoscaling policy extensions'.split(' '));
/** Groups of which EKS's audit policy keeps bodies; of others, such as custom kinds, only metadata is kept. */
const known = /^(|apps|batch|autoscaling|policy|(admissionregistration|apiextensions|apiregistration|authentication|authorization|certificates|networking|rbac\.authorization|scheduling|storage)\.k8s\.io)$/;
const versions: Readonly<Record<string, string>> = { autoscaling: 'v2', 'metrics.k8s.io': 'v1beta1' };
const reasons: Readonly<Record<number, string>> = { 400: 'BadRequest', 401: 'Unauthorized', 403: 'Forbidden', 404: 'NotFound', 409: 'Conflict' };
const streams = /^pods\/(exec|attach|portforward|log)$/;

interface Reference { readonly group: string; readonly version: string; readonly resource: string; readonly subresource: string }

function referenceOf(resource: string): Reference {
  const parts = resource.split('/');
  const hasGroup = (parts[0] ?? '').includes('.') || groups.has(parts[0] ?? '');
  const group = hasGroup ? (parts.shift() ?? '') : '';
  const builtIn = group === '' || known.test(group) || group.endsWith('.k8s.io');
  return { group, version: versions[group] ?? (builtIn ? 'v1' : 'v1beta1'), resource: parts[0] ?? '', subresource: parts.slice(1).join('/') };
}

function uriOf(call: Call, { group, version, resource, subresource }: Reference): string {
  const isNamed = call.name !== undefined && call.verb !== 'create' && call.verb !== 'list' && call.verb !== 'watch';
  const named = isNamed || subresource !== '' ? call.name : undefined;
  const parts = [group === '' ? '/api' : `/apis/${group}`, version, call.namespace && `namespaces/${call.namespace}`, resource, named, subresource, subresource === 'proxy' ? call.path : undefined];
  return parts.filter(Boolean).join('/') + queryOf(call);
}

function queryOf({ verb, query, name, seconds = 400 }: Call): string {
  const selected = name === undefined ? '' : `fieldSelector=metadata.name%3D${name}&`;
  if (verb === 'watch') return `?${selected}allowWatchBookmarks=true&watch=true&timeoutSeconds=${String(Math.round(seconds))}`;
  if (verb === 'list') return `?${query ? `${query}&` : selected}limit=500`;
  return query ? `?${query}` : '';
}

function levelOf({ verb, name, namespace }: Call, { group, resource, subresource }: Reference): 'Metadata' | 'Request' | 'RequestResponse' {
  const isRead = verb === 'get' || verb === 'list' || verb === 'watch';
  if (resource === 'configmaps' && name === 'aws-auth' && namespace === 'kube-system' && !isRead) return 'RequestResponse';
  if (resource === '' || !known.test(group) || /^(secrets|configmaps|tokenreviews)$/.test(resource)) return 'Metadata';
  if (isRead || subresource === 'token' || (subresource === 'status' && (resource === 'nodes' || resource === 'pods'))) return 'Request';
  return 'RequestResponse';
}

/** To the microsecond, as the API server writes it. */
function stamp(time: number): string {
  const whole = Math.floor(time);
  return new Date(whole).toISOString().replace('Z', `${String(Math.floor((time - whole) * 1000)).padStart(3, '0')}Z`);
}

function statusOf(code: number, what: string, { username = '' }: User): object {
  if (code < 400) return { metadata: {}, code };
  const messages: Readonly<Record<number, string>> = { 401: 'Unauthorized', 403: `${what} is forbidden: User "${username}" cannot do that`, 404: `${what} not found` };
  return { metadata: {}, status: 'Failure', message: messages[code] ?? `${what}: failed`, reason: reasons[code] ?? 'InternalError', code };
}

/** Rights are those of whom the caller acts as. */
function annotationsOf(code: number, { username = '', groups: memberOf = [] }: User, issues?: string): object | undefined {
  if (code === 401) return undefined;
  if (issues !== undefined && code < 400) return { 'authentication.kubernetes.io/issued-credential-id': `JTI=${issues}`, ...annotationsOf(code, { username, groups: memberOf }) };
  if (code === 403) return { 'authorization.k8s.io/decision': 'forbid', 'authorization.k8s.io/reason': '' };
  const [, namespace, name] = /^system:serviceaccount:([^:]+):(.+)$/.exec(username) ?? [];
  const role = name ?? memberOf[0] ?? username;
  const subject = name === undefined ? `Group "${role}"` : `ServiceAccount "${name}/${namespace ?? ''}"`;
  const reason = memberOf.includes('system:nodes') ? '' : `RBAC: allowed by ClusterRoleBinding "${role}" of ClusterRole "${role}" to ${subject}`;
  return { 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': reason };
}

/** Writes a request as the API server does: one event, or two for what goes on for a while. */
export function eventsOf(random: Random, time: number, caller: Caller, call: Call): AuditJson[] {
  const reference = referenceOf(call.resource ?? '');
  const { group, version, resource, subresource } = reference;
  const streaming = call.verb === 'watch' || streams.test(call.resource ?? '');
  const code = call.code ?? (call.verb === 'create' && !streaming ? 201 : streaming && /exec|attach|portforward/.test(subresource) ? 101 : 200);
  const level = levelOf(call, reference);
  const keepsBody = level !== 'Metadata' && call.body !== undefined && !streaming && !(code === 403);
  const shared = {
    kind: 'Event', apiVersion: 'audit.k8s.io/v1', level, auditID: random.uuid(),
    requestURI: resource === '' ? (call.path ?? '/') : uriOf(call, reference), verb: call.verb, user: code === 401 ? {} : caller.user,
    ...(call.as ? { impersonatedUser: call.as } : {}), sourceIPs: [caller.address], userAgent: caller.agent,
    ...(resource === '' ? {} : { objectRef: clean({ resource, namespace: call.namespace, name: call.name, apiGroup: group, apiVersion: version, subresource }) }),
    responseStatus: statusOf(code, call.name ?? (resource || (call.path ?? '')), call.as ?? caller.user),
    ...(keepsBody ? { requestObject: call.body } : {}),
    ...(keepsBody && level === 'RequestResponse' && code < 400 ? { responseObject: call.body } : {}),
  };
  const annotations = annotationsOf(code, call.as ?? caller.user, call.issues);
  const staged = (stage: string, at: number): AuditJson => ({ ...shared, stage, requestReceivedTimestamp: stamp(time), stageTimestamp: stamp(at), ...(annotations ? { annotations } : {}) });
  const answered = time + random.between(1, 30);
  if (code === 401) return [staged('ResponseStarted', answered)];
  if (!streaming || code >= 400) return [staged('ResponseComplete', answered)];
  return [staged('ResponseStarted', answered), staged('ResponseComplete', answered + 1000 * (call.seconds ?? (call.verb === 'watch' ? 400 : 1)))];
}

function clean(fields: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''));
}
