import { featureOf, type Baseline } from '../../lib/baseline/baseline.ts';
import type { IdentityState } from '../../lib/baseline/codec.ts';
import type { Group } from '../../lib/baseline/group.ts';
import type { Finding } from '../../lib/finding.ts';
import type { FlowBaseline } from '../../lib/egress/flow-baseline.ts';
import type { Leads } from '../../lib/scoring/leads.ts';

/** A finding without what docs/findings.md says may differ: when severities were reached, and which requests showed that a count was high. */
export function settledFinding({ id, cluster, identity, category, severity, status, score, title, checks, techniques, reasons }: Finding) {
  return { id, cluster, identity, category, severity, status, score, title, checks, techniques, reasons };
}

/** A decoded item of the state without what is a matter of order. */
export function settledItem(key: string, item: unknown): unknown {
  if (key.startsWith('leads|')) return [...(item as Leads).keys()].sort();
  if (/^flows\|[^|]*\|/.test(key)) return settledFlows(item as FlowBaseline);
  if (!key.startsWith('identity|')) return settledGroup(item as Group);
  const { baseline, episode } = item as IdentityState;
  return { baseline: settledBaseline(baseline), signals: episode && byKey(episode.signals) };
}

const byKey = <Value>(map: ReadonlyMap<string | number, Value>): unknown[] => [...map].sort(([one], [other]) => (one < other ? -1 : 1));

/** Where more values came than are kept, which of them are kept is a matter of order. */
function settledBaseline({ traits, dropped, credentials, ...rest }: Baseline) {
  const kept = new Map([...traits].filter(([key]) => dropped[featureOf(key)] === undefined));
  return { ...rest, traits: byKey(kept), credentials: [...credentials].sort((one, other) => one.credential - other.credential) };
}

/** What was said of a flow is a matter of what was known before it. */
function settledFlows({ destinations, ports, services, inHour, raised, ...rest }: FlowBaseline) {
  return { ...rest, raised: [...raised.keys()].sort(), ...Object.fromEntries(Object.entries({ destinations, ports, services, inHour }).map(([name, map]) => [name, byKey(map as ReadonlyMap<string | number, unknown>)])) };
}

function settledGroup({ members, traits }: Group) {
  const sorted = [...traits].map(([key, { feature, voters }]) => [key, feature, [...voters].sort((one, other) => one.member - other.member)] as const);
  return { members: byKey(members), traits: sorted.sort(([one], [other]) => one - other) };
}
