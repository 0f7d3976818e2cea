import { hasStopped, stoppedMs, type Learning } from '../backfill/learning.ts';
import { auditLogGroup, clusterPartsOf } from '../cluster.ts';
import type { Finding } from '../finding.ts';
import { minuteText } from '../time.ts';
import { idOf, logFinding } from './log-finding.ts';

/** Gives a finding while the learning of a cluster's history should get on and does not: one for each time. */
export function stoppedLearningFinding(cluster: string, learning: Learning, now: number): Finding | undefined {
  if (!hasStopped(learning, now)) return undefined;
  const { scoredFrom, readUntil, progressAt } = learning;
  const minutes = String(stoppedMs / 60_000);
  const unseen = Math.max(scoredFrom, readUntil);
  return logFinding({
    id: idOf('learning', cluster, progressAt),
    cluster,
    severity: 'medium',
    score: 4.5,
    times: [progressAt, now],
    title: `Learning the history of ${cluster} has stopped`,
    summary: `The history of cluster ${cluster} was read to ${minuteText(readUntil)} UTC and has not got on for more than ${minutes} minutes. Events are scored again without it, so more is new than should be. What was delivered from ${minuteText(unseen)} UTC until then is not seen before the learning goes on.`,
    detector: 'learning-stopped',
    why: `It has not got on for more than ${minutes} minutes: mostly it does each minute`,
    // Of a cluster elsewhere a person learns.
    checks: clusterPartsOf(cluster).account === undefined
      ? [
          "See whether the backfill function's calls fail, and whether its queue of failed learnings has messages",
          `See whether it may read the log: the log group ${'`'}${auditLogGroup(cluster)}${'`'} must be of this account and region`,
          `Have it go on: aws sqs send-message --queue-url URL --message-body '{"cluster":"${cluster}"}', the URL being the output BackfillQueueUrl`,
        ]
      : [`Have it go on: tidemark learn --cluster ${cluster}`],
    evidence: `read to ${minuteText(readUntil)} UTC`,
  });
}
