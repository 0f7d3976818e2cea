import type { ApiRequest } from './request.ts';

const writes = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);
/** What acts or answers at once, whatever else is asked for: commands, tunnels, tokens, reviews. */
const actsAtOnce = /^pods\/(exec|attach|portforward)$|\/(proxy|token)$|^(authentication|authorization)\.k8s\.io\//;

/**
 * Whether a request only tries out what a change would do. Requests that change nothing ignore the parameter, so it
 * must not hide them. Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#dry-run
 */
export function isDryRun({ verb, resource, query }: ApiRequest): boolean {
  return writes.has(verb) && !actsAtOnce.test(resource) && query.getAll('dryRun').includes('All');
}
