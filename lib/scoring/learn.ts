import { requestWords, type ApiRequest } from '../audit/request.ts';
import type { Baseline } from '../baseline/baseline.ts';
import { newNetwork } from '../detectors/new-network.ts';
import { cleanLine } from '../text.ts';
import { isoTime } from '../time.ts';
import { considerActs } from './acts.ts';
import { considerCounts } from './counts.ts';
import { addEvidence, addSignal, type Episode, type EpisodeEvidence, type Signal } from './episode.ts';
import { considerHour } from './hours.ts';
import { considerOrigins } from './origins.ts';
import { followedSignal } from './leads.ts';
import { considerSlowBreadth } from './slow-breadth.ts';
import { considerWaking } from './waking.ts';
import { scoringOf, type Scoring, type Surroundings } from './scoring.ts';

/** From so far off its usual places, in decades, whatever an identity does is evidence. */
const awayDecades = 3.5;
const maxRequestWords = 160;

/**
 * Learns one request, in place, and adds what is unusual about it to the episode, with the request as evidence; without
 * an episode it only learns.
 * @returns whether the baseline and whether the episode changed, and what was unusual.
 */
export function learn(request: ApiRequest, baseline: Baseline, episode: Episode | undefined, surroundings: Surroundings): { learned: boolean; news: boolean; signals: readonly Signal[] } {
  const scoring = scoringOf(request, baseline, episode, surroundings);
  const origins = considerOrigins(scoring);
  const isAway = origins.away >= awayDecades;
  const acts = considerActs(scoring, isAway);
  const counts = considerCounts(scoring);
  const slow = considerSlowBreadth(scoring);
  const learned = [origins, acts, counts, slow].some((found) => found.learned);
  const signals = [...origins.signals, ...acts.signals, ...counts.signals, ...slow.signals];
  if (!episode || signals.length === 0) return { learned, news: false, signals };
  const times = [...considerHour(scoring).signals, ...considerWaking(scoring).signals];
  const isImplied = ({ impliedBy }: Signal): boolean => impliedBy?.some((key) => episode.signals.has(key)) ?? false;
  const speaks = isAway || counts.signals.length + slow.signals.length > 0 || acts.signals.some((signal) => signal.group === 'act' && !isImplied(signal));
  const elsewhere = origins.away > 0;
  const shown = [...acts.signals.filter(({ group }) => group === 'act'), ...counts.signals, ...slow.signals];
  const weight = { decades: Math.max(0, ...shown.map(({ decades }) => decades)), ...(elsewhere ? { from: newNetwork.value(request) } : {}) };
  let news = speaks && addEvidence(episode, { ...evidenceOf(request), ...weight }, request.time);
  for (const signal of [...signals, ...times, ...(speaks ? followed(scoring) : [])]) news = addSignal(episode, { ...signal, elsewhere }) || news;
  return { learned, news, signals };
}

function followed({ surroundings, request, baseline }: Scoring): Signal[] {
  const lead = surroundings.leadTo(request);
  const signal = lead && followedSignal(lead, { time: request.time, knownSince: baseline.active.first });
  return signal ? [signal] : [];
}

function evidenceOf(request: ApiRequest): EpisodeEvidence {
  return { auditId: request.auditId, time: isoTime(request.time), request: cleanLine(requestWords(request).slice(0, maxRequestWords)) };
}
