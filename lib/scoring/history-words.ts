import { activeWindows, type Baseline } from '../baseline/baseline.ts';
import type { IdentityKind } from '../identity.ts';
import { windowsPerDay, windowsPerHour } from '../time.ts';
import type { Companions } from './surprise.ts';

/** Those of its kind, in words; whoever has no name has none. */
const many: Readonly<Partial<Record<IdentityKind, string>>> = { person: 'people', role: 'pipelines', user: 'users', 'service-account': 'service accounts', node: 'nodes' };

/** Says how much of an identity is known before a window: `9 days and about 40 active hours`. */
export function historyWords(baseline: Baseline, window: number): string {
  const days = Math.floor((window - baseline.active.first) / windowsPerDay);
  const time = days < 1 ? 'less than a day' : days === 1 ? '1 day' : `${String(days)} days`;
  return `${time} and ${activityWords(activeWindows(baseline, window))}`;
}

function activityWords(windows: number): string {
  const hours = Math.round(windows / windowsPerHour);
  return hours === 0 ? 'less than an active hour' : `about ${counted(Number(hours.toPrecision(2)))} active ${hours === 1 ? 'hour' : 'hours'}`;
}

/** Says that an identity did something for the first time. */
export function firstTime(baseline: Baseline, window: number): string {
  return activeWindows(baseline, window) === 0 ? 'never seen before' : `first time in ${historyWords(baseline, window)}`;
}

/**
 * Says who else does a thing, by the nearest who do: those alike, all of the kind, the cluster; empty when there is nobody
 * to compare with. `levels` are as `Surroundings` has them; the cluster's only says something where `ofCluster`.
 */
export function companyWords(levels: readonly Companions[], { kind }: Pick<Baseline, 'kind'>, ofCluster: boolean): string {
  const [cluster, ofKind, alike] = levels.toReversed();
  const kindName = many[kind];
  if (kindName === undefined) return '';
  if (alike && alike.doing > 0) return `${counted(alike.doing)} of ${counted(alike.members)} ${kind === 'person' ? 'with the same role' : 'of the same name'} ${known(alike)}`;
  if (ofKind && ofKind.doing > 0) return `${counted(ofKind.doing)} of ${counted(ofKind.members)} other ${kindName} ${known(ofKind)}`;
  if (ofCluster && cluster && cluster.members > 0) return cluster.doing > 0 ? `${counted(cluster.doing)} ${cluster.doing === 1 ? 'other' : 'others'} in the cluster ${known(cluster)}` : 'nobody else in the cluster is known for it';
  return ofKind && ofKind.members > 0 ? `none of ${counted(ofKind.members)} other ${kindName} is known for it` : '';
}

function known({ doing }: Companions): string {
  return `${doing === 1 ? 'is' : 'are'} known for it`;
}

function counted(count: number): string {
  return count.toLocaleString('en-US');
}
