import type { Finding } from '../../lib/finding.ts';
import type { Outcome } from './acts-cases.ts';
import type { ActGroup, Recording } from './acts-recording.ts';

/** How many of how many. */
export interface Share {
  readonly of: number;
  readonly found: number;
}

/** One row's results. */
export interface RowResult {
  readonly row: string;
  readonly category: string;
  /** Identities that did the act. */
  readonly hits: Share;
  /** Of them, those with a history of their own. */
  readonly established: Share;
  /** Each way of doing it, done alone. */
  readonly variants: Share;
  readonly near: Share;
  readonly routine: Share;
  /** Of the hit with the highest score. */
  readonly top: string;
  readonly score: number;
}

/** Sums cases up by row; whoever was refused before a word of the deciding body was read is not counted. */
export function tableOf({ acts }: Recording, { outcomes, ofVariants }: { outcomes: readonly Outcome[]; ofVariants: readonly Outcome[] }): RowResult[] {
  return [...new Set(outcomes.map(({ row }) => row))].map((row) => {
    const of = (group: ActGroup): Outcome[] => outcomes.filter((one) => one.row === row && one.group === group && !one.unread);
    const [best] = of('hit').toSorted((one, other) => other.score - one.score);
    return {
      row,
      category: acts.find((act) => act.row === row && act.expectedCategory)?.expectedCategory ?? '',
      hits: shareOf(of('hit')),
      established: shareOf(of('hit').filter(({ history }) => history === 'own')),
      variants: shareOf(ofVariants.filter((one) => one.row === row && one.group === 'hit' && !one.unread)),
      near: shareOf(of('near')),
      routine: shareOf(of('routine')),
      top: best?.signals[0]?.detector ?? '',
      score: best?.score ?? 0,
    };
  });
}

/** Near acts and routine must raise nothing, of whomever it is said; an act must be said of whoever did it. */
function shareOf(outcomes: readonly Outcome[]): Share {
  return { of: outcomes.length, found: outcomes.filter(({ group, found, foundElsewhere }) => found || (group !== 'hit' && foundElsewhere)).length };
}

/** Prints the table and totals by category. */
export function writeReport({ everyday, rows }: { everyday: readonly Finding[]; rows: readonly RowResult[] }, output: { write(text: string): unknown }): void {
  const heading = ['row', 'category', 'hits', 'established', 'variants', 'near', 'routine', 'top detector', 'score'];
  const lines = rows.map((row) => [row.row, row.category, ...sharesOf(row), row.top, row.score.toFixed(1)]);
  const totals = [...Map.groupBy(rows, ({ category }) => category), ['all', [...rows]] as const].map(([category, some]) => ['total', category, ...sharesOf(sumOf(some)), '', '']);
  output.write(alignedOf([heading, ...lines, [], ...totals]));
  const any = (share: (row: RowResult) => Share): string => `${String(rows.filter((row) => share(row).found > 0).length)} of ${String(rows.filter((row) => share(row).of > 0).length)}`;
  output.write(`\nrows with a hit found: ${any(({ hits }) => hits)}; with a false near act: ${any(({ near }) => near)}; with false routine: ${any(({ routine }) => routine)}\n`);
  output.write(`sent during the two weeks of everyday life: ${String(everyday.length)}\n`);
  for (const { identity, title } of everyday) output.write(`  ${identity}: ${title}\n`);
}

function sharesOf({ hits, established, variants, near, routine }: Pick<RowResult, 'hits' | 'established' | 'variants' | 'near' | 'routine'>): string[] {
  return [hits, established, variants, near, routine].map(({ of, found }) => (of === 0 ? '-' : `${String(found)}/${String(of)}`));
}

function sumOf(rows: readonly RowResult[]): Pick<RowResult, 'hits' | 'established' | 'variants' | 'near' | 'routine'> {
  const sum = (share: (row: RowResult) => Share): Share => ({ of: total(rows.map((row) => share(row).of)), found: total(rows.map((row) => share(row).found)) });
  return { hits: sum((row) => row.hits), established: sum((row) => row.established), variants: sum((row) => row.variants), near: sum((row) => row.near), routine: sum((row) => row.routine) };
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

function alignedOf(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines.map((line) => `${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()}\n`).join('');
}
