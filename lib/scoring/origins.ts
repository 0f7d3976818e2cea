import { noteCredential, traitKey } from '../baseline/baseline.ts';
import { originDetectors } from '../detectors/catalogue.ts';
import { credentialMoved } from '../detectors/credential-moved.ts';
import { newNetwork } from '../detectors/new-network.ts';
import { hash32 } from '../hash.ts';
import { consider, signalOf } from './novelty.ts';
import type { Found, Scoring } from './scoring.ts';
import { decades } from './surprise.ts';

/** Learns where a request comes from and with what, and says what of that is unusual. */
export function considerOrigins(scoring: Scoring): Found & { readonly away: number } {
  const found: Found = { signals: [], learned: false };
  for (const detector of originDetectors) {
    const value = detector.value(scoring.request);
    consider(scoring, { detector: detector.id, group: 'origin', value, prior: detector.prior(scoring.request), words: detector.words(value) }, found);
  }
  considerCredential(scoring, found);
  return { ...found, away: awayDecades(scoring, found) };
}

/** What was new as long as an episode is open is still away, though it was seen some windows ago. */
function awayDecades({ request, episode }: Scoring, { signals }: Found): number {
  const now = new Map(signals.map(({ key, decades: score }) => [key, score]));
  for (const detector of originDetectors) {
    const key = traitKey(detector.id, detector.value(request));
    const before = episode?.signals.get(key);
    if (before && !now.has(key)) now.set(key, before.decades);
  }
  return [...now.values()].reduce((sum, score) => sum + score, 0);
}

/**
 * A credential that moved says something only where its owner has never been. A pod, though, keeps its address within
 * the cluster; outside it there may be several.
 */
function considerCredential(scoring: Scoring, found: Found): void {
  const { request, baseline, window } = scoring;
  if (request.credential === '') return;
  const isPodInside = request.podUid !== '' && request.network.scope === 'private';
  const place = isPodInside ? request.address : request.network.block;
  // A pod's token is renewed each hour.
  const { from, changed } = noteCredential(baseline, { credential: hash32(request.podUid || request.credential), network: place, window });
  found.learned ||= changed;
  const isNew = found.signals.some(({ detector }) => detector === newNetwork.id);
  if (from === undefined || !(isNew || (isPodInside && isSameFamily(from, place)))) return;
  const prior = credentialMoved.priorFor(request.identity.kind);
  found.signals.push(signalOf(scoring, { detector: credentialMoved.id, group: 'origin', value: from, prior, words: credentialMoved.words(request, from) }, decades(prior), credentialMoved.why(request)));
}

/** A pod may have an address of each family. */
function isSameFamily(one: string, other: string): boolean {
  return one.includes(':') === other.includes(':');
}
