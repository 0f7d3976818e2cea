import type { AuditEvent } from '../../lib/audit/event.ts';
import type { Finding } from '../../lib/finding.ts';
import type { Corpus, Scenario } from './corpus.ts';
import { judge, rounded } from './judging.ts';
import { replay } from './replay.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** How much comes before the first attack. */
const histories = [
  { name: 'nothing', milliseconds: 0 },
  { name: 'an hour', milliseconds: hour },
  { name: 'a day', milliseconds: day },
  { name: 'three days', milliseconds: 3 * day },
];

/** What came of watching a cluster from shortly before an attack on. */
export interface ShortRun {
  readonly scenario: string;
  readonly found: boolean;
  /** Titles of the false alerts in the first 24 hours that were watched. */
  readonly falseAlertsFirstDay: readonly string[];
}

/** All attacks, each with so much history. */
export interface HistoryRow {
  readonly history: string;
  readonly runs: readonly ShortRun[];
  readonly found: number;
  /** The mean over the runs, and the most of one. */
  readonly falseAlertsFirstDay: number;
  readonly mostFalseAlertsFirstDay: number;
}

/**
 * Plays a cluster for each attack anew, from so long before it to a day after it and nothing known before: what does
 * somebody get who installs this shortly before he is attacked? Beside it what the whole history gave, `findings`.
 */
export async function replayShortHistories(corpus: Corpus, findings: readonly Finding[]): Promise<HistoryRow[]> {
  const rows: HistoryRow[] = [];
  for (const { name, milliseconds } of histories) {
    const runs: ShortRun[] = [];
    for (const scenario of corpus.scenarios) runs.push(await runWith(corpus, scenario, milliseconds));
    rows.push(rowOf(name, runs));
  }
  return [...rows, rowOf('all', corpus.scenarios.map((scenario) => runOf(corpus, { scenario, from: corpus.start, findings })))];
}

function rowOf(history: string, runs: readonly ShortRun[]): HistoryRow {
  const falses = runs.map(({ falseAlertsFirstDay }) => falseAlertsFirstDay.length);
  const mean = falses.reduce((sum, count) => sum + count, 0) / Math.max(1, runs.length);
  return { history, runs, found: runs.filter(({ found }) => found).length, falseAlertsFirstDay: rounded(mean, 2), mostFalseAlertsFirstDay: Math.max(0, ...falses) };
}

async function runWith(corpus: Corpus, scenario: Scenario, history: number): Promise<ShortRun> {
  const from = Math.max(corpus.start, Date.parse(scenario.start) - history);
  return runOf(corpus, { scenario, from, findings: await replay(between(corpus.events, from, Date.parse(scenario.end) + day), corpus.name) });
}

function runOf(corpus: Corpus, { scenario, from, findings }: { scenario: Scenario; from: number; findings: readonly Finding[] }): ShortRun {
  const { alerts, found } = judge(findings, corpus);
  const falses = alerts.filter(({ kind, time }) => kind === 'false' && time < from + day);
  return { scenario: scenario.id, found: found.has(scenario.id), falseAlertsFirstDay: falses.map(({ claim }) => claim.title) };
}

function between(events: readonly AuditEvent[], from: number, until: number): AuditEvent[] {
  return events.filter(({ requestReceivedTimestamp }) => {
    const time = Date.parse(requestReceivedTimestamp);
    return time >= from && time < until;
  });
}
