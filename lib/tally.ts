import { shortResource } from './audit/words.ts';
import type { Evidence, Finding } from './finding.ts';

/** Evidence of one sort, and how often there was such. */
export interface Tally {
  readonly what: string;
  readonly count: number;
}

const maxSorts = 8;
const maxLength = 80;

/**
 * Counts evidence by its sort, the most frequent first: requests by verb, kind and whether they were refused, traffic by
 * where it went. Of more than eight sorts the rest is one: `others`.
 */
export function tallyOf(evidence: readonly Pick<Evidence, 'auditId' | 'request' | 'dstAddr'>[]): Tally[] {
  const bySort = Map.groupBy(evidence, sortOf);
  const sorts = [...bySort].map(([what, some]) => ({ what, count: some.length })).sort((one, other) => other.count - one.count || (one.what < other.what ? -1 : 1));
  if (sorts.length <= maxSorts) return sorts;
  const rest = sorts.slice(maxSorts - 1);
  return [...sorts.slice(0, maxSorts - 1), { what: 'others', count: rest.reduce((sum, { count }) => sum + count, 0) }];
}

/** `requestWords` writes what this reads: `list secrets in shop from 10.0.0.7: 403`. */
function sortOf({ auditId, request, dstAddr }: Pick<Evidence, 'auditId' | 'request' | 'dstAddr'>): string {
  if (dstAddr !== undefined) return `traffic to ${dstAddr}`;
  if (auditId === '') return request.includes(' looked up ') ? 'name looked up' : 'traffic';
  const [verb = '', what = ''] = request.split(' ');
  // Of paths that are no objects the first part is enough.
  const object = what.startsWith('/') ? what.replace(/^(\/[^/]*)\/.*$/, '$1/…') : shortResource(what);
  return `${verb} ${object}`.slice(0, maxLength).toWellFormed() + (/: 40[13]$/.test(request) ? ' (refused)' : '');
}

/** Says what the evidence of a finding is, in a line; empty where nothing is known of it. */
export function tallyWords({ tally, evidence, evidenceTotal }: Finding): string {
  if (tally.length === 0) return '';
  const of = evidenceTotal > evidence.length ? `The first ${String(evidence.length)}` : 'In all';
  return `${of}: ${countsOf(tally)}`;
}

/** Writes a tally: `3 × list secrets, 1 × get pods/log`. */
export function countsOf(tally: readonly Tally[]): string {
  return tally.map(({ what, count }) => `${String(count)} × ${what}`).join(', ');
}
