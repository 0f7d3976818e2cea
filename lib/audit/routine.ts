import type { AuditEvent } from './event.ts';

const heartbeatVerbs = new Set(['get', 'update', 'patch']);
const healthPath = /^\/(livez|readyz|healthz)/;

/**
 * Whether an event is plainly routine, and left: a part of the cluster renews its lease or asks how the API server is,
 * and is answered. A deployment drops the same at the source (`lambdas/filter-pattern.ts`), so that what is learned from
 * files and what is learned there are the same.
 */
export function isRoutine({ user, impersonatedUser, verb, requestURI, objectRef, responseStatus }: AuditEvent): boolean {
  const { username = '' } = user;
  const isAnswered = responseStatus?.code !== undefined && responseStatus.code < 400;
  if (!username.startsWith('system:') || impersonatedUser || !isAnswered) return false;
  if (healthPath.test(requestURI)) return true;
  const isLease = objectRef?.apiGroup === 'coordination.k8s.io' && objectRef.resource === 'leases';
  return isLease && heartbeatVerbs.has(verb) && username !== 'system:anonymous';
}
