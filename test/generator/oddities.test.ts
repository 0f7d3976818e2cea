import { expect, test } from '@jest/globals';
import { generateCluster } from './generate.ts';
import { judgeCluster } from './judge.ts';
import { day } from './world.ts';

/** A week is learned from; what is said of an oddity before is not counted. */
const learnedDays = 7;

/** Innocent oddities, each in an otherwise calm cluster, about which nobody must be told. */
const silent = ['new-joiner', 'new-laptop', 'cluster-upgrade', 'node-pool-replacement', 'scale-test', 'pipeline-moved', 'operator-bursts', 'hourly-nodes', 'traveller', 'auditor', 'on-call-night', 'daily-backup'];

test.each(silent.flatMap((kind) => [301].map((seed) => [kind, seed] as const)))('%s in the generated cluster %i stays silent', async (kind, seed) => {
  const cluster = generateCluster(seed, { days: 11, attacks: [], oddities: [kind] });
  const { alerts } = await judgeCluster(cluster);
  const about = alerts.filter(({ time, finding }) => time >= cluster.start + learnedDays * day && finding.evidence.some(({ auditId }) => cluster.oddities.has(auditId)));
  expect(about.map(({ finding: { identity, severity, reasons } }) => ({ identity, severity, reasons: reasons.map(({ words }) => words) }))).toEqual([]);
});
