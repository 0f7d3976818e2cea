import { createHash } from 'node:crypto';
import { auditLogGroup } from '../cluster.ts';
import { findingSchema, type Finding } from '../finding.ts';
import { isoTime } from '../time.ts';

/** What a finding about a log says. */
export interface LogFinding extends Pick<Finding, 'id' | 'cluster' | 'severity' | 'score' | 'title' | 'summary' | 'checks'> {
  /** The cluster's log, when not given. */
  readonly identity?: string;
  /** From when to when. */
  readonly times: readonly [number, number];
  readonly detector: string;
  readonly why: string;
  readonly evidence: string;
}

/** Makes a finding about a log. Nobody is known to have done it: the log itself stands for who. */
export function logFinding({ times, detector, why, evidence, ...given }: LogFinding): Finding {
  const [first, last] = times.map(isoTime);
  return findingSchema.parse({
    identity: `log group ${auditLogGroup(given.cluster)}`,
    ...given,
    schemaVersion: 1,
    category: 'defense-evasion',
    status: 'open',
    revision: 1,
    raisedAt: last,
    pushedAt: [last],
    firstSeen: first,
    lastSeen: last,
    techniques: ['T1562.008'],
    stages: [{ tactic: 'defense-evasion', words: given.title.slice(0, 120) }],
    reasons: [{ detector, words: why, score: given.score }],
    evidence: [{ auditId: '', time: first, request: evidence }],
    evidenceTotal: 1,
  });
}

/** Names a finding by what it is about, so that the same is put once. */
export function idOf(...parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24);
}
