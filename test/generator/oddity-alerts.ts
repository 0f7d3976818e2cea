import type { Finding } from '../../lib/finding.ts';
import { generateCluster } from './generate.ts';
import { judgeCluster, leastLabelledPart } from './judge.ts';
import { day } from './world.ts';

/** A week is learned from; what is said of an oddity before is not counted. */
const learnedDays = 7;

/** What people were told of an innocent oddity in an otherwise calm cluster: all of it is false. */
export async function findingsAbout(kind: string, seed: number): Promise<Finding[]> {
  const cluster = generateCluster(seed, { days: 11, attacks: [], oddities: [kind] });
  const { alerts } = await judgeCluster(cluster);
  const isAbout = ({ evidence }: Finding): boolean => evidence.filter(({ auditId }) => cluster.oddities.has(auditId)).length / evidence.length >= leastLabelledPart;
  return [...new Set(alerts.filter(({ time }) => time >= cluster.start + learnedDays * day).map(({ finding }) => finding))].filter(isAbout);
}
