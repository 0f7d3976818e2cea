import { severityRank, type Severity } from '../../lib/finding.ts';
import { newEpisode, scoreOf, severityOf, type Signal } from '../../lib/scoring/episode.ts';
import { isoTime } from '../../lib/time.ts';
import type { RecordedEpisode } from './episode-recorder.ts';
import type { Claim } from './judging.ts';

/** A score that an episode had for the first time. */
export interface Rise {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly score: number;
}

/** Gives each rise of an episode's score, as if only some signals had been there. */
export function risesOf({ steps, kind }: RecordedEpisode, isKept: (signal: Signal) => boolean = () => true): Rise[] {
  const rises: Rise[] = [];
  for (const { time, signals } of steps) {
    const kept = signals.filter(isKept).map((signal) => [signal.key, signal] as const);
    const score = scoreOf({ ...newEpisode(0, 0), signals: new Map(kept) }, kind === 'person');
    if (score > (rises.at(-1)?.score ?? 0)) rises.push({ time, score });
  }
  return rises;
}

/** Gives the highest score that an episode had. */
export function peakOf(episode: RecordedEpisode): number {
  return risesOf(episode).at(-1)?.score ?? 0;
}

/** Says episodes as findings would, as if only some signals had been there. */
export function rescored(episodes: readonly RecordedEpisode[], isKept: (signal: Signal) => boolean): Claim[] {
  return episodes.flatMap((episode) => {
    const reached: { severity: Severity; time: number }[] = [];
    for (const { time, score } of risesOf(episode, isKept)) {
      const severity = severityOf(score);
      const last = reached.at(-1);
      if (severity && (!last || severityRank(severity) > severityRank(last.severity))) reached.push({ severity, time });
    }
    const gravest = reached.at(-1);
    if (!gravest || episode.evidence.length === 0) return [];
    const pushedAt = reached.filter(({ severity }) => severity !== 'low').map(({ time }) => isoTime(time));
    return [{ identity: episode.identity, severity: gravest.severity, pushedAt, evidence: episode.evidence }];
  });
}
