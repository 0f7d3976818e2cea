import { usualDelivery } from '../../cli/deliveries.ts';
import { requestsOf } from '../../lib/audit/request.ts';
import type { Finding } from '../../lib/finding.ts';
import { groupNames, groups } from './calibration.ts';
import type { Corpus } from './corpus.ts';
import { MemoryStateStore } from '../../lib/memory-stores.ts';
import { EpisodeRecorder, type RecordedEpisode } from './episode-recorder.ts';
import { StateWithoutPeers, StateWithoutQuarantine } from './hiding-state.ts';
import { figuresOf, judge, type Claim, type Figures } from './judging.ts';
import { replay } from './replay.ts';
import { rescored } from './rescoring.ts';
import { anyNewValue, claimsOf, firstSensitiveAct, rules } from './simple-detectors.ts';

/** What another detector, or this one with a part taken out, comes to. */
export interface AblationRow extends Pick<Figures, 'found' | 'falseAlerts' | 'falseAlertsPerClusterDay' | 'alertsPerFoundScenario'> {
  readonly name: string;
}

/** Compares the detector with itself without each of its parts, and with simpler ones. */
export async function ablate(corpus: Corpus, findings: readonly Finding[]): Promise<AblationRow[]> {
  const row = (name: string, claims: readonly Claim[]): AblationRow => {
    const { found, falseAlerts, falseAlertsPerClusterDay, alertsPerFoundScenario } = figuresOf(judge(claims, corpus), corpus);
    return { name, found, falseAlerts, falseAlertsPerClusterDay, alertsPerFoundScenario };
  };
  const episodes = await closelyRecorded(corpus);
  const parts = groups.map((part) => row(`without ${groupNames[part]}`, rescored(episodes, ({ group }) => group !== part)));
  return [
    row('full model', findings),
    row('without peers', await replay(corpus.events, corpus.name, new StateWithoutPeers())),
    row('without quarantine', await replay(corpus.events, corpus.name, new StateWithoutQuarantine())),
    ...parts,
    ...simpler(corpus).map(({ name, claims }) => row(name, claims)),
  ];
}

/** One event a delivery, so that each rise of a score is seen at its own time. */
async function closelyRecorded({ events, name }: Corpus): Promise<RecordedEpisode[]> {
  const recorder = new EpisodeRecorder(new MemoryStateStore(), name);
  await replay(events, name, recorder, { ...usualDelivery, events: 1 });
  return recorder.episodes;
}

function simpler({ events }: Corpus): { name: string; claims: Claim[] }[] {
  const requests = requestsOf(events).sort((one, other) => one.time - other.time);
  return [
    { name: 'rules only, prior at most 0.001', claims: claimsOf(requests, rules(0.001), { learnsFirstDay: false }) },
    { name: 'rules only, prior at most 0.01', claims: claimsOf(requests, rules(0.01), { learnsFirstDay: false }) },
    { name: 'first sensitive act', claims: claimsOf(requests, firstSensitiveAct(), { learnsFirstDay: true }) },
    { name: 'any new value', claims: claimsOf(requests, anyNewValue(), { learnsFirstDay: true }) },
  ];
}
