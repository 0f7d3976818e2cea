import { commandKinds } from '../audit/commands.ts';
import { commandOf, containersOf, objectName, podSpecOf } from '../audit/pod-spec.ts';
import type { ActDetector } from './detector.ts';

const minerName = /xmrig|minerd|cpuminer|ethminer|nbminer|lolminer|phoenixminer|cgminer|cryptonight|monero|kinsing|coin-?(hive|imp)|nanopool|(^|[-_/])miner($|[-_:/])/i;

/** A workload that mines coins at your cost. */
export const miningWorkload: ActDetector = {
  kind: 'act',
  id: 'mining-workload',
  category: 'impact',
  techniques: ['T1496', 'T1610'],
  check: 'Delete the workload, then find out who has the credential that made it',
  innocent: 'Software with a miner\'s word in its name that mines nothing.',
  detect(request) {
    const spec = podSpecOf(request);
    if (!spec || request.outcome !== 'ok') return [];
    const texts = [objectName(request), ...containersOf(spec).flatMap(({ name, image }) => [name, image])];
    const isMiner = texts.some((text) => minerName.test(text)) || containersOf(spec).some((container) => commandKinds(commandOf(container)).includes('miner'));
    return isMiner ? [{ value: request.namespace, prior: 0.0005, words: `made the workload ${objectName(request)} in ${request.namespace}, which looks like a miner` }] : [];
  },
};
