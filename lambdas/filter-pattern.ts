/**
 * The subscription filter in CloudWatch Logs' pattern language: which lines of a cluster's log are delivered. It drops
 * only what is plainly routine; a line that it does not know is delivered. A line that is no whole JSON object never
 * matches a pattern of this kind, so it is not delivered either.
 *
 * A comparison with `!=` is false when the event lacks the field, so only fields that each event has are compared so.
 */

/** Other streams of the log group (authenticator, scheduler, API server) have no audit id. */
const isAuditEvent = '$.auditID = "*"';

/** A request's first stage says nothing that its later stages do not say too. */
const isAnswered = '$.stage != "RequestReceived"';

/** What may be news about a request whatever it asks for. */
const remarkable = [
  // Refused or failed.
  '$.responseStatus.code >= 400',
  // It ended without an answer.
  '$.responseStatus.code NOT EXISTS',
  // A person, a pipeline, or any other caller that is no part of the cluster.
  '$.user.username != "system:*"',
  // A caller without a name, or one who acts as somebody else.
  '$.user.username NOT EXISTS',
  '$.impersonatedUser.username = "*"',
];

/** Heartbeats: nodes and elected leaders renew their lease every few seconds. All else that is done to leases is kept. */
const isNoHeartbeat = [
  '$.requestURI != "/apis/coordination.k8s.io/v1/namespaces/*"',
  '$.verb = "create"',
  '$.verb = "delete*"',
  '$.verb = "list"',
  '$.verb = "watch"',
  // Nobody unknown has a lease to renew.
  '$.user.username = "system:anonymous"',
];

/** Health checks: load balancers and the cluster itself ask the API server how it is. */
const isNoHealthCheck = `(${all(['/livez', '/readyz', '/healthz'].map((path) => `$.requestURI != "${path}*"`))})`;

/** The pattern; CloudWatch Logs takes at most 1024 characters. */
export const filterPattern = `{ ${all([
  isAuditEvent,
  isAnswered,
  `(${any([...isNoHeartbeat, ...remarkable])})`,
  `(${any([isNoHealthCheck, ...remarkable])})`,
])} }`;

function all(clauses: readonly string[]): string {
  return clauses.join(' && ');
}

function any(clauses: readonly string[]): string {
  return clauses.join(' || ');
}
