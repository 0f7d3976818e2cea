import { detectors } from '../detectors/catalogue.ts';
import { tactics, type Category, type Tactic } from '../finding.ts';
import { speakingSignals, type Episode, type Signal } from './episode.ts';

/** What each category of finding is in ATT&CK's terms. */
const tacticOf: Record<Category, Tactic> = {
  execution: 'execution',
  persistence: 'persistence',
  'privilege-escalation': 'privilege-escalation',
  'defense-evasion': 'defense-evasion',
  'credential-abuse': 'credential-access',
  'mass-discovery': 'discovery',
  'lateral-movement': 'lateral-movement',
  'exfil-egress': 'exfiltration',
  impact: 'impact',
};

/** What is less surprising, in decades, is no step of an attack. */
const leastDecades = 2;
/** Each further tactic adds so much to what makes a finding grave, in decades, up to the most. */
const decadesPerTactic = 0.5;
const mostDecades = 2;

/** A tactic that an episode shows, with the signals that show it, the most surprising first. */
export interface Stage {
  readonly tactic: Tactic;
  readonly signals: readonly Signal[];
}

/** Gives the stages of an attack that an episode shows, in the order of ATT&CK's tactics. */
export function stagesOf(episode: Episode): Stage[] {
  const steps = speakingSignals(episode).filter(({ group, decades }) => (group === 'act' || group === 'breadth') && decades >= leastDecades);
  const byTactic = Map.groupBy(steps, ({ detector }) => tacticOf[detectors.get(detector)?.category ?? 'credential-abuse']);
  return tactics.flatMap((tactic) => {
    const signals = byTactic.get(tactic)?.sort((one, other) => other.decades - one.decades || (one.key < other.key ? -1 : 1));
    return signals ? [{ tactic, signals }] : [];
  });
}

/** Gives how much graver an episode is, in decades, for how far it got: one that shows several tactics is under way. */
export function progressDecades(episode: Episode): number {
  return Math.min(mostDecades, decadesPerTactic * Math.max(0, stagesOf(episode).length - 1));
}
