import { decodeIdentity } from './baseline/codec.ts';
import type { Baseline, Trait } from './baseline/baseline.ts';
import { countBefore, doneUntil, seenUntil } from './baseline/window-sample.ts';
import { detectors } from './detectors/catalogue.ts';
import { gravest } from './scoring/episode.ts';
import { isMachine } from './identity.ts';
import { identityKey } from './engine/state-keys.ts';
import type { StateStore } from './store.ts';
import { minuteText, windowMs } from './time.ts';

const shownValues = 12;
const barHeights = ' ▁▂▃▄▅▆▇█';

/**
 * Says in words what has been learned of an identity, read from the state store; `undefined` when nothing has. Values
 * in it come from audit events: make them printable before they are shown.
 */
export async function describeBaseline(state: StateStore, cluster: string, identity: string): Promise<string | undefined> {
  const key = identityKey(cluster, identity);
  const item = (await state.read([key])).get(key);
  if (!item) return undefined;
  const { baseline, episode } = decodeIdentity(item.bytes);
  const severity = episode && gravest(episode);
  return [
    `${identity} in cluster ${cluster}`,
    `${baseline.kind}, peers: ${baseline.peerGroup}; ${String(item.bytes.length)} bytes kept`,
    `seen since ${timeOf(baseline.active.first)}, last ${daysText(baseline.active, seenUntil(baseline.active))}, in about ${String(countBefore(baseline.active, Infinity))} windows of ten minutes`,
    ...(severity ? [`an episode of severity ${severity} is open: what belongs to it is not learned`] : []),
    '',
    ...featuresOf(baseline).flatMap((feature) => [`${titleOf(feature)}:`, ...valuesOf(baseline, feature), '']),
    ...breadthOf(baseline),
    ...(isMachine(baseline.kind) ? [] : hoursOf(baseline)),
  ].join('\n');
}

function hoursOf({ hours }: Baseline): string[] {
  return ['Hours it is active (UTC, 0 to 23):', `  weekdays  ${bars(hours.slice(0, 24))}`, `  weekends  ${bars(hours.slice(24))}`];
}

function featuresOf({ traits }: Baseline): string[] {
  const features = new Set([...traits.keys()].map((key) => key.slice(0, key.indexOf('|'))));
  return [...features].sort((one, other) => rankOf(one) - rankOf(other) || (one < other ? -1 : 1));
}

/** Where from and with what first, then what stands out, then the ordinary. */
function rankOf(feature: string): number {
  if (feature === 'habit') return 2;
  return detectors.get(feature.split('/')[0] ?? '')?.kind === 'origin' ? 0 : 1;
}

function titleOf(feature: string): string {
  const titles: Record<string, string> = { habit: 'What it does', 'new-network': 'Networks', 'new-scope': 'Inside or outside', 'new-agent': 'Programs' };
  return titles[feature] ?? `Acts (${feature})`;
}

function valuesOf({ traits, dropped }: Baseline, feature: string): string[] {
  const values = [...traits].filter(([key]) => key.startsWith(`${feature}|`)).sort(([, one], [, other]) => other.last - one.last || one.first - other.first);
  const shown = values.slice(0, shownValues).map(([key, trait]) => `  ${key.slice(feature.length + 1)}  (${useOf(trait)})`);
  const more = values.length - shown.length + (dropped[feature] ?? 0);
  return more > 0 ? [...shown, `  and ${String(more)} more`] : shown;
}

function useOf(trait: Trait): string {
  const { first, quarantined, last } = trait;
  return `since ${timeOf(first)}, last ${quarantined === undefined ? daysText(trait, doneUntil(trait)) : `${timeOf(last)}, reported and not learned`}`;
}

/** When something was last seen is known to some days: from its first window of them to their last. */
function daysText({ first, last }: { first: number; last: number }, until: number): string {
  return `between ${timeOf(Math.max(first, last)).slice(0, 10)} and ${timeOf(until).slice(0, 10)}`;
}

function breadthOf({ measures, windows }: Baseline): string[] {
  const lines = Object.entries(measures).filter(([, { sum }]) => sum > 0).map(([measure, { sum, largest }]) => `  ${measure}: ${(sum / windows).toFixed(1)} on average, at most ${largest.toFixed(0)}`);
  return lines.length === 0 ? [] : ['How many distinct things in ten minutes:', ...lines, ''];
}

function bars(hours: readonly number[]): string {
  const most = Math.max(1, ...hours);
  return hours.map((count) => barHeights[Math.ceil((count / most) * (barHeights.length - 1))]).join('');
}

function timeOf(window: number): string {
  return minuteText(window * windowMs);
}
