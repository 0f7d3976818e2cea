import { hasStopped, stoppedMs, type Learning } from '../backfill/learning.ts';
import { auditLogGroup, clusterPartsOf } from '../cluster.ts';
import type { Finding } from '../finding.ts';
import { minuteMs, minuteText } from '../time.ts';
import { idOf, logFinding } from './log-finding.ts';

/** Gives a finding while the learning of a cluster's history should get on and does not, though none does (`lastWork`): one for each time. */
export function stoppedLearningFinding(cluster: string, learning: Learning, { now, lastWork }: { readonly now: number; readonly lastWork: number }): Finding | undefined {
  if (!hasStopped(learning, now, lastWork)) return undefined;
  const { scoredFrom, readUntil, progressAt, refusedAt } = learning;
  const since = refusedAt ?? progressAt;
  const how = refusedAt === undefined ? `has not got on for more than ${String(stoppedMs / minuteMs)} minutes` : 'cannot be read any further: the log group is not there, or may not be read';
  const unseen = Math.max(scoredFrom, readUntil);
  return logFinding({
    id: idOf('learning', cluster, since),
    cluster,
    severity: 'medium',
    score: 4.5,
    times: [since, now],
    title: `Learning the history of ${cluster} has stopped`,
    summary: `The history of cluster ${cluster} was read to ${minuteText(readUntil)} UTC and ${how}. Events are scored again without it, so more is new than should be. What was delivered from ${minuteText(unseen)} UTC until then is not seen before the learning goes on.`,
    detector: 'learning-stopped',
    why: `It ${how}${refusedAt === undefined ? ': mostly it does each minute' : ''}`,
    checks: [
      "See whether the backfill function's calls fail, and whether its queue of failed learnings has messages",
      whetherReadable(cluster),
      `Have it go on: aws sqs send-message --queue-url URL --message-body '{"cluster":"${cluster}"}', the URL being the output BackfillQueueUrl`,
    ],
    evidence: `read to ${minuteText(readUntil)} UTC`,
  });
}

function whetherReadable(cluster: string): string {
  const { account, region } = clusterPartsOf(cluster);
  if (account === undefined) return `See whether it may read the log: the log group ${'`'}${auditLogGroup(cluster)}${'`'} must be of this account and region`;
  return `See whether the stack TidemarkSender in account ${account}${region === undefined ? '' : `, region ${region},`} is of this release: its role tidemark-history lets the log be read`;
}
