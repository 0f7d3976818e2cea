import { isoTime } from '../../lib/time.ts';
import type { Truth } from './corpus.ts';
import type { RecordedEpisode } from './episode-recorder.ts';
import { judge, rounded, type Claim } from './judging.ts';
import { risesOf, type Rise } from './rescoring.ts';

/** False alerts on a cluster in a day that somebody might put up with. */
const budgets = [0, 0.05, 0.1, 0.3, 1, 3];

/** Scores that a line could be drawn at, the lowest first; signals begin at one decade. */
const lines = Array.from({ length: 111 }, (_, index) => rounded(1 + index / 10, 1));

/** The most that can be found for so many false alerts. */
export interface BudgetRow {
  /** False alerts per cluster and day. */
  readonly budget: number;
  /** To tell people from. */
  readonly score: number;
  readonly found: number;
  readonly recall: number;
  readonly falseAlertsPerClusterDay: number;
}

/**
 * Gives, for each budget, the best line within it: with the most attacks found, of such the fewest false alerts, of such
 * the lowest. All lines are drawn through the scores of one run, in which people were told from the shipped one on; each
 * episode is told once.
 */
export function recallOverBudget(episodes: readonly RecordedEpisode[], truth: Truth): BudgetRow[] {
  const rising = episodes.filter(({ evidence }) => evidence.length > 0).map((episode) => ({ episode, rises: risesOf(episode) }));
  const rows = lines.map((score) => {
    const { alerts, found } = judge(rising.flatMap(({ episode, rises }) => toldFrom(episode, rises, score)), truth);
    const falses = alerts.filter(({ kind }) => kind === 'false').length;
    return { score, found: found.size, recall: rounded(found.size / truth.scenarios.length, 3), falseAlertsPerClusterDay: falses / truth.days };
  });
  return budgets.flatMap((budget) => {
    const within = rows.filter(({ falseAlertsPerClusterDay }) => falseAlertsPerClusterDay <= budget);
    const [row] = within.sort((one, other) => other.found - one.found || one.falseAlertsPerClusterDay - other.falseAlertsPerClusterDay || one.score - other.score);
    return row ? [{ budget, ...row, falseAlertsPerClusterDay: rounded(row.falseAlertsPerClusterDay, 2) }] : [];
  });
}

function toldFrom({ identity, evidence }: RecordedEpisode, rises: readonly Rise[], score: number): Claim[] {
  const first = rises.find((rise) => rise.score >= score);
  return first ? [{ identity, evidence, severity: 'medium', pushedAt: [isoTime(first.time)] }] : [];
}
