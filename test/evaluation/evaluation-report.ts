import type { Finding } from '../../lib/finding.ts';
import { minuteText } from '../../lib/time.ts';
import type { AblationRow } from './ablation.ts';
import type { BudgetRow } from './budget.ts';
import { toldFrom, type Calibration, type CalibrationRow } from './calibration.ts';
import type { Corpus } from './corpus.ts';
import type { Evaluation, StateFigures } from './evaluation.ts';
import type { Figures, Judged } from './judging.ts';
import type { HistoryRow } from './short-history.ts';
import { tableOf } from './table.ts';

const shownReasons = 4;

/** Says in words what was measured; `why` says each finding too. */
export function reportOf({ scenarios }: Corpus, evaluation: Evaluation, { why }: { why: boolean }): string {
  const missed = scenarios.filter(({ id }) => evaluation.secondsToAlert[id] === null).map(({ id, category, title }) => `missed                     ${id} [${category}] ${title}\n`);
  const falses = evaluation.findings.filter(({ kind, claim }) => kind === 'false' && claim.severity !== 'low').map(({ claim }) => `false                      ${claim.severity} ${claim.score.toFixed(1)} ${claim.title}\n`);
  return [
    figuresText(evaluation.figures) + missed.join('') + falses.join('') + stateText(evaluation.state),
    calibrationText(evaluation.calibration),
    budgetText(evaluation.recallOverBudget, scenarios.length),
    ...(evaluation.ablation ? [ablationText(evaluation.ablation, scenarios.length)] : []),
    ...(evaluation.histories ? [historyText(evaluation.histories, scenarios.length)] : []),
    ...(why ? [whyText(evaluation)] : []),
  ].join('\n');
}

function figuresText({ byCategory, recallInterval, falseAlertsPerClusterDayInterval, ...figures }: Figures): string {
  const categories = Object.entries(byCategory).map(([category, { found, scenarios }]) => `${category} ${String(found)}/${String(scenarios)}`);
  const intervals: Partial<Record<string, readonly number[]>> = { recall: recallInterval, falseAlertsPerClusterDay: falseAlertsPerClusterDayInterval };
  const lines = Object.entries(figures).map(([name, value]) => line(name, `${String(value ?? '-')}${intervals[name] ? ` (95 %: ${intervals[name].join(' to ')})` : ''}`));
  return lines.join('') + line('byCategory', categories.join(', '));
}

function stateText(state: StateFigures): string {
  const { identities, medianBytes, bytesOf95Percent, largestBytes, largestGroupBytes, writesPer1000Events, writeUnitsPer1000Events } = state;
  return (
    line('identities', `${String(identities)}; bytes kept of each: median ${String(medianBytes)}, 95 % under ${String(bytesOf95Percent)}, largest ${String(largestBytes)}`) +
    line('groups', `largest ${String(largestGroupBytes)} bytes`) +
    line('writes per 1000 events', `${String(writesPer1000Events)}, ${String(writeUnitsPer1000Events)} write units of 1 KB`)
  );
}

function line(name: string, value: string): string {
  return `${name.padEnd(26)} ${value}\n`;
}

function calibrationText({ episodes, signals }: Calibration): string {
  const people = `Innocent episodes by highest score: how many had so much or more / how many should (people are told from ${String(toldFrom)} on)\n`;
  const evidence = 'Innocent windows by strongest signal: how many had so many decades or more / how many should\n';
  return people + calibrationTable('lane', episodes) + evidence + calibrationTable('lane: evidence', signals.filter(({ exceedances }) => exceedances.some(({ observed }) => observed > 0)));
}

function calibrationTable(heading: string, rows: readonly CalibrationRow[]): string {
  const scores = rows[0]?.exceedances.map(({ score }) => `≥ ${String(score)}`) ?? [];
  const cells = rows.map(({ name, windows, exceedances }) => [name, windows.toLocaleString('en-US'), ...exceedances.map(({ observed, expected }) => `${String(observed)} / ${shortNumber(expected)}`)]);
  return tableOf([[heading, 'windows', ...scores], ...cells]);
}

function shortNumber(value: number): string {
  return value >= 10 ? value.toFixed(0) : value >= 0.1 ? value.toFixed(1) : value.toFixed(2);
}

function budgetText(rows: readonly BudgetRow[], scenarios: number): string {
  const cells = rows.map(({ budget, score, found, recall, falseAlertsPerClusterDay }) => [String(budget), `${String(found)} of ${String(scenarios)}`, recall.toFixed(2), falseAlertsPerClusterDay.toFixed(2), score.toFixed(1)]);
  return `The most that can be found for so many false alerts per cluster and day\n${tableOf([['at most', 'found', 'recall', 'false', 'told from score'], ...cells])}`;
}

function ablationText(rows: readonly AblationRow[], scenarios: number): string {
  const cells = rows.map(({ name, found, falseAlertsPerClusterDay, alertsPerFoundScenario }) => [name, `${String(found)} of ${String(scenarios)}`, falseAlertsPerClusterDay.toFixed(2), alertsPerFoundScenario.toFixed(2)]);
  return `With a part taken out, and simpler detectors\n${tableOf([['', 'found', 'false per day', 'alerts per attack found'], ...cells])}`;
}

function historyText(rows: readonly HistoryRow[], scenarios: number): string {
  const cells = rows.map(({ history, found, falseAlertsFirstDay, mostFalseAlertsFirstDay }) => [history, `${String(found)} of ${String(scenarios)}`, falseAlertsFirstDay.toFixed(2), String(mostFalseAlertsFirstDay)]);
  const missedBy = rows.map(({ history, runs }) => `  missed with ${history}: ${runs.filter(({ found }) => !found).map(({ scenario }) => scenario).join(', ') || 'none'}\n`);
  return `Watched from so long before each attack on: attacks found, false alerts in the first day watched\n${tableOf([['history', 'found', 'false, mean', 'false, most'], ...cells])}${missedBy.join('')}`;
}

function whyText({ findings, secondsToAlert }: Evaluation): string {
  const delays = Object.entries(secondsToAlert).map(([id, seconds]) => [id, seconds === null ? 'missed' : seconds.toFixed(1)]);
  return `Seconds to the first alert\n${tableOf(delays)}\nFindings\n${findings.map(findingText).join('')}`;
}

function findingText({ claim, kind, scenarios }: Judged<Finding>): string {
  const hit = kind === 'true' ? scenarios.join(', ') : kind === 'consequence' ? 'what followed from an attack' : 'nothing bad';
  const reasons = claim.reasons.slice(0, shownReasons).map(({ detector, words, score }) => `    ${score.toFixed(1).padStart(4)} ${detector}: ${words}\n`);
  return `  ${minuteText(Date.parse(claim.raisedAt))} ${claim.severity} ${claim.score.toFixed(1)} ${claim.identity}\n    hit: ${hit}\n${reasons.join('')}`;
}
