import type { Finding } from '../../lib/finding.ts';
import { ablate, type AblationRow } from './ablation.ts';
import { recallOverBudget, type BudgetRow } from './budget.ts';
import { calibrationOf, type Calibration } from './calibration.ts';
import type { Corpus } from './corpus.ts';
import { CountingStateStore } from './counting-state-store.ts';
import { EpisodeRecorder } from './episode-recorder.ts';
import { figuresOf, judge, type Figures, type Judged } from './judging.ts';
import { replay } from './replay.ts';
import { replayShortHistories, type HistoryRow } from './short-history.ts';

/** What is kept of a cluster, and what writing it takes. */
export interface StateFigures {
  readonly identities: number;
  /** Bytes of the identities' items. */
  readonly medianBytes: number;
  readonly bytesOf95Percent: number;
  readonly largestBytes: number;
  readonly largestGroupBytes: number;
  readonly writesPer1000Events: number;
  /** Of DynamoDB, one for each begun kilobyte. */
  readonly writeUnitsPer1000Events: number;
}

/** All that is measured on one recorded cluster. */
export interface Evaluation {
  readonly figures: Figures;
  /** By attack: seconds to the first alert; `null` when it was missed. */
  readonly secondsToAlert: Readonly<Record<string, number | null>>;
  readonly calibration: Calibration;
  readonly recallOverBudget: readonly BudgetRow[];
  readonly state: StateFigures;
  /** Each finding held against the labels. */
  readonly findings: readonly Judged<Finding>[];
  readonly ablation?: readonly AblationRow[];
  readonly histories?: readonly HistoryRow[];
}

/** Plays a recorded cluster from its first event, nothing known before, and measures what comes of it. */
export async function evaluate(corpus: Corpus, { ablation, history }: { ablation: boolean; history: boolean }): Promise<Evaluation> {
  const state = new CountingStateStore();
  const recorder = new EpisodeRecorder(state, corpus.name);
  const findings = await replay(corpus.events, corpus.name, recorder);
  const { episodes } = recorder;
  const verdict = judge(findings, corpus);
  return {
    figures: figuresOf(verdict, corpus),
    secondsToAlert: Object.fromEntries(corpus.scenarios.map(({ id }) => [id, verdict.found.get(id) ?? null])),
    calibration: calibrationOf(corpus, episodes),
    recallOverBudget: recallOverBudget(episodes, corpus),
    state: stateOf(state, corpus.events.length),
    findings: verdict.judged,
    ...(ablation ? { ablation: await ablate(corpus, findings) } : {}),
    ...(history ? { histories: await replayShortHistories(corpus, findings) } : {}),
  };
}

function stateOf(state: CountingStateStore, events: number): StateFigures {
  const sizes = state.sizes('identity|');
  const at = (part: number): number => sizes[Math.floor(part * (sizes.length - 1))] ?? 0;
  return {
    identities: sizes.length,
    medianBytes: at(0.5),
    bytesOf95Percent: at(0.95),
    largestBytes: at(1),
    largestGroupBytes: Math.max(0, ...['peers|', 'kind|', 'cluster|'].flatMap((prefix) => state.sizes(prefix))),
    writesPer1000Events: Math.round((state.writes / events) * 1000),
    writeUnitsPer1000Events: Math.round((state.writeUnits / events) * 1000),
  };
}
