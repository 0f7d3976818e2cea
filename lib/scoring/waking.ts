import { waking } from '../detectors/waking.ts';
import { windowsPerDay } from '../time.ts';
import type { Found, Scoring } from './scoring.ts';

/** So long after it was seen again an identity has just woken. */
const freshWindows = windowsPerDay;
/** People go on holiday; what a machine does after weeks it does for another reason than before. */
const decadesOfMachines = 1.5;
const decadesOfOthers = 0.5;

/** Says whether an identity acts for the first time after weeks. What sleeps again and again is seldom needed, not stolen. */
export function considerWaking({ baseline, episode, window }: Scoring): Found {
  const found: Found = { signals: [], learned: false };
  const { woke } = baseline;
  if (!episode || !woke || woke.times > 1 || window < woke.window || window - woke.window > freshWindows) return found;
  const days = Math.floor(woke.slept / windowsPerDay);
  const decades = baseline.kind === 'service-account' || baseline.kind === 'role' ? decadesOfMachines : decadesOfOthers;
  found.signals.push({ key: waking.id, detector: waking.id, group: 'time', decades, words: `was active for the first time in at least ${String(days)} days`, why: 'never away for so long before', elsewhere: false, window: woke.window });
  return found;
}
