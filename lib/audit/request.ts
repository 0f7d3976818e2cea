import { identityOf, type Identity } from '../identity.ts';
import { writtenObject } from './body.ts';
import type { AuditEvent } from './event.ts';
import { networkOf, type Network } from './network.ts';
import { isRoutine } from './routine.ts';
import { userAgentOf, type UserAgent } from './user-agent.ts';

/** How a request ended: answered, refused (401, 403), about something that is not there (404), or otherwise failed. */
export type Outcome = 'ok' | 'refused' | 'missing' | 'failed';

/** One request to an API server, its stages taken together, in the terms that detectors use. */
export interface ApiRequest {
  readonly auditId: string;
  /** When it was received, in milliseconds since the epoch. */
  readonly time: number;
  /** Sorts requests by time to the microsecond. */
  readonly order: string;
  readonly identity: Identity;
  /** The Kubernetes user name, as role bindings know the caller. */
  readonly username: string;
  /** The AWS role that the caller has assumed, as `ACCOUNT/NAME`; or empty. */
  readonly awsRole: string;
  /** The pod whose token the caller has, as `NAMESPACE/NAME`; or empty. */
  readonly pod: string;
  /** That pod's unique id: another pod of the same name has another; or empty. */
  readonly podUid: string;
  readonly verb: string;
  /** `group/resource` or `group/resource/subresource`; the core group is not written. Empty for a path that is no resource. */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  /** The request's path without its query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly outcome: Outcome;
  /** HTTP status; 0 when not told. */
  readonly code: number;
  /** The address that the API server saw; those before it in an event are what headers say, which a caller may choose. */
  readonly address: string;
  readonly network: Network;
  readonly agent: UserAgent;
  /** The token's or access key's id, or empty. */
  readonly credential: string;
  /** The id of the token that the caller was given, or empty. */
  readonly issuedCredential: string;
  /** Whom the caller acts as, when it impersonates. */
  readonly impersonated: string | undefined;
  /** As a member of which groups. */
  readonly impersonatedGroups: readonly string[];
  /** The body that was sent; only where EKS's audit policy keeps it. */
  readonly body: unknown;
}

/** The stages in the order of how much they tell. */
const stageRank: Record<AuditEvent['stage'], number> = { RequestReceived: 0, ResponseStarted: 1, Panic: 2, ResponseComplete: 3 };

/**
 * Takes events of one delivery together to requests: each request once, with the stage that tells most. Routine is
 * left, and so is what has only been received: its end comes in an event of its own.
 */
export function requestsOf(events: Iterable<AuditEvent>): ApiRequest[] {
  const best = new Map<string, AuditEvent>();
  for (const event of events) {
    if (isRoutine(event)) continue;
    const key = keyOf(event);
    const other = best.get(key);
    if (!other || stageRank[event.stage] > stageRank[other.stage]) best.set(key, event);
  }
  return [...best.values()].filter(({ stage }) => stage !== 'RequestReceived').map(requestOf);
}

/** What the stages of a request share. A caller may choose the audit id, and give several requests the same. */
function keyOf({ auditID, requestReceivedTimestamp, verb, requestURI }: AuditEvent): string {
  return `${auditID} ${requestReceivedTimestamp} ${verb} ${requestURI}`;
}

function requestOf(event: AuditEvent): ApiRequest {
  const { objectRef, user, requestURI } = event;
  const address = (event.sourceIPs?.at(-1) ?? '').slice(0, 45);
  const questionMark = requestURI.indexOf('?');
  return {
    auditId: event.auditID,
    time: Date.parse(event.requestReceivedTimestamp),
    order: event.requestReceivedTimestamp,
    identity: identityOf(event),
    username: user.username ?? '',
    awsRole: awsRoleOf(user.extra?.['arn']?.[0] ?? ''),
    pod: podOf(user),
    podUid: user.extra?.['authentication.kubernetes.io/pod-uid']?.[0] ?? '',
    verb: event.verb,
    resource: [objectRef?.apiGroup, objectRef?.resource, objectRef?.subresource].filter(Boolean).join('/'),
    namespace: objectRef?.namespace ?? '',
    name: objectRef?.name ?? '',
    path: questionMark < 0 ? requestURI : requestURI.slice(0, questionMark),
    query: new URLSearchParams(questionMark < 0 ? '' : requestURI.slice(questionMark)),
    ...outcomeOf(event.responseStatus?.code ?? 0),
    address,
    network: networkOf(address),
    agent: userAgentOf(event.userAgent),
    credential: user.extra?.['authentication.kubernetes.io/credential-id']?.[0] ?? user.extra?.['accessKeyId']?.[0] ?? '',
    // Source: https://kubernetes.io/docs/reference/labels-annotations-taints/audit-annotations/
    issuedCredential: event.annotations?.['authentication.kubernetes.io/issued-credential-id'] ?? '',
    impersonated: event.impersonatedUser?.username,
    impersonatedGroups: event.impersonatedUser?.groups ?? [],
    body: writtenObject(event.requestObject),
  };
}

function awsRoleOf(arn: string): string {
  const [, account = '', role = ''] = /^arn:[^:]*:sts::(\d*):assumed-role\/(.+)\/[^/]*$/.exec(arn) ?? [];
  return role === '' ? '' : `${account}/${role}`;
}

/** Source: https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#additional-metadata-in-pod-bound-tokens */
function podOf({ username = '', extra }: AuditEvent['user']): string {
  const [, namespace] = /^system:serviceaccount:([^:]+):/.exec(username) ?? [];
  const name = extra?.['authentication.kubernetes.io/pod-name']?.[0];
  return namespace === undefined || name === undefined ? '' : `${namespace}/${name}`;
}

function outcomeOf(code: number): { code: number; outcome: Outcome } {
  if (code === 401 || code === 403) return { code, outcome: 'refused' };
  if (code === 404 || code === 410) return { code, outcome: 'missing' };
  return { code, outcome: code >= 400 ? 'failed' : 'ok' };
}

/** Whether a request makes an object: server-side apply does so by a patch that is answered with 201. */
export function isCreation({ verb, code }: ApiRequest): boolean {
  return verb === 'create' || (verb === 'patch' && code === 201);
}

/** Says in a few words what was asked, without anything that may be secret: `get secrets/database in payments`. */
export function requestWords({ verb, resource, namespace, name, path, code, address }: ApiRequest): string {
  const what = resource === '' ? path : `${resource}${name === '' ? '' : ` ${name}`}`;
  const where = namespace === '' ? '' : ` in ${namespace}`;
  return `${verb} ${what}${where} from ${address || 'unknown'}: ${String(code)}`;
}
