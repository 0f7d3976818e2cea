import { requestsOf } from '../../lib/audit/request.ts';
import type { IdentityKind } from '../../lib/identity.ts';
import { severityScores, type SignalGroup } from '../../lib/scoring/episode.ts';
import { windowOf } from '../../lib/time.ts';
import type { Corpus } from './corpus.ts';
import type { RecordedEpisode } from './episode-recorder.ts';
import { rounded } from './judging.ts';
import { peakOf } from './rescoring.ts';

/** Sorts of identities that are looked at apart. */
const lanes = ['people', 'machines', 'nodes and control plane', 'nameless'] as const;
export type Lane = (typeof lanes)[number];

const laneOf: Record<IdentityKind, Lane> = {
  person: 'people',
  user: 'people',
  role: 'machines',
  'service-account': 'machines',
  node: 'nodes and control plane',
  'control-plane': 'nodes and control plane',
  anonymous: 'nameless',
  'failed-authentication': 'nameless',
};

/** Sorts of evidence, and what they are called. */
export const groupNames: Readonly<Record<SignalGroup, string>> = { act: 'acts', breadth: 'counts', origin: 'places and programs', habit: 'habits', time: 'hours', lead: 'leads', egress: 'traffic' };
export const groups = Object.keys(groupNames) as readonly SignalGroup[];

/** Scores from which on people are told, as shipped. */
export const toldFrom = severityScores.find(([severity]) => severity === 'medium')?.[1] ?? 0;
const episodeScores = [2, 3, toldFrom, 6, 8];
const signalScores = [1, 2, 3, 4, 5];

/** How often something had a score or a higher one, and how often it should have. */
export interface Exceedance {
  readonly score: number;
  readonly observed: number;
  /** Windows times ten to the power of minus the score. */
  readonly expected: number;
}

/** Innocent windows, and what was said of them. */
export interface CalibrationRow {
  readonly name: string;
  /** Ten-minute windows of one identity each, with nothing in them that belongs to an attack. */
  readonly windows: number;
  readonly exceedances: readonly Exceedance[];
}

/** What scores claim, held against innocent life. */
export interface Calibration {
  /** By lane: episodes that began in innocent windows and hold no other. */
  readonly episodes: readonly CalibrationRow[];
  /** By lane and sort of evidence: windows by their strongest signal. */
  readonly signals: readonly CalibrationRow[];
}

/** Says whether a score of d decades comes about as often as it claims: in one innocent window in 10^d. */
export function calibrationOf(corpus: Corpus, episodes: readonly RecordedEpisode[]): Calibration {
  const { innocent, tainted } = windowsOf(corpus);
  const isInnocent = ({ identity, steps }: RecordedEpisode): boolean => !(steps.at(-1)?.signals ?? []).some(({ window }) => tainted.has(keyOf(identity, window)));
  const peaks = episodes.filter(isInnocent).map((episode) => ({ lane: laneOf[episode.kind], peak: peakOf(episode) }));
  return {
    episodes: lanes.map((lane) => rowOf(lane, innocent.get(lane) ?? 0, { scores: episodeScores, of: peaks.filter((one) => one.lane === lane).map(({ peak }) => peak) })),
    signals: lanes.flatMap((lane) => groups.map((group) => {
      const strongest = strongestByWindow(episodes.filter(({ kind }) => laneOf[kind] === lane), group);
      return rowOf(`${lane}: ${groupNames[group]}`, innocent.get(lane) ?? 0, { scores: signalScores, of: [...strongest].filter(([key]) => !tainted.has(key)).map(([, decades]) => decades) });
    })),
  };
}

/** Gives the decades of the strongest signal of a sort in each window of each identity. */
function strongestByWindow(episodes: readonly RecordedEpisode[], group: SignalGroup): Map<string, number> {
  const strongest = new Map<string, number>();
  for (const { identity, steps } of episodes) {
    for (const { window, decades } of (steps.at(-1)?.signals ?? []).filter((signal) => signal.group === group)) {
      const key = keyOf(identity, window);
      strongest.set(key, Math.max(decades, strongest.get(key) ?? 0));
    }
  }
  return strongest;
}

function rowOf(name: string, windows: number, { scores, of }: { scores: readonly number[]; of: readonly number[] }): CalibrationRow {
  const exceedances = scores.map((score) => ({ score, observed: of.filter((one) => one >= score).length, expected: rounded(windows * 10 ** -score, 3) }));
  return { name, windows, exceedances };
}

function keyOf(identity: string, window: number): string {
  return `${identity} ${String(window)}`;
}

/** Counts innocent windows by lane; gives the others, in which an identity did something that belongs to an attack. */
function windowsOf({ events, labels }: Corpus): { innocent: Map<Lane, number>; tainted: Set<string> } {
  const seen = new Map<string, Lane>();
  const tainted = new Set<string>();
  for (const { identity, time, auditId } of requestsOf(events)) {
    const key = keyOf(identity.id, windowOf(time));
    seen.set(key, laneOf[identity.kind]);
    if (labels.has(auditId)) tainted.add(key);
  }
  const innocent = new Map<Lane, number>();
  for (const [key, lane] of seen) if (!tainted.has(key)) innocent.set(lane, (innocent.get(lane) ?? 0) + 1);
  return { innocent, tainted };
}
