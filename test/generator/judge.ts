import { parseAuditEvent, type AuditEvent } from '../../lib/audit/event.ts';
import { Engine } from '../../lib/engine/engine.ts';
import type { Finding } from '../../lib/finding.ts';
import { MemoryFindingStore, MemoryStateStore } from '../../lib/memory-stores.ts';
import type { StateStore } from '../../lib/store.ts';
import { cutDeliveries } from '../../cli/deliveries.ts';
import type { Scenario } from './attacks/stage.ts';
import type { GeneratedCluster, Label } from './generate.ts';
import { day, minute } from './world.ts';

/** With less of its evidence labelled, a finding is about something else; as in the recorded clusters' scorer. */
export const leastLabelledPart = 0.25;

/** Somebody was told of a finding. */
export interface Alert {
  readonly finding: Finding;
  readonly time: number;
  readonly kind: 'true' | 'consequence' | 'false';
  readonly scenarios: readonly string[];
}

/** What came of a cluster. */
export interface Verdict {
  readonly cluster: GeneratedCluster;
  readonly alerts: readonly Alert[];
  readonly findings: readonly Finding[];
  /** Seconds from its beginning to the first alert, of each attack that was found. */
  readonly found: ReadonlyMap<Scenario, number>;
}

/** Runs the detector over a cluster's whole life, or over what comes after that of which the state is, and says what it found. */
export async function judgeCluster(cluster: GeneratedCluster, state: StateStore = new MemoryStateStore()): Promise<Verdict> {
  const findings = await findingsOf(cluster, state);
  const labels = Map.groupBy(cluster.labels, ({ auditID }) => auditID);
  const alerts = findings.flatMap((finding) => alertsOf(finding, labels));
  const found = new Map<Scenario, number>();
  for (const scenario of cluster.scenarios) {
    const hits = alerts.filter(({ scenarios, time }) => scenarios.includes(scenario.id) && time >= scenario.start - minute && time <= scenario.end + day);
    if (hits.length > 0) found.set(scenario, Math.max(0, Math.min(...hits.map(({ time }) => time)) - scenario.start) / 1000);
  }
  return { cluster, alerts, findings, found };
}

/** What people heard of one attack. */
export interface Telling {
  readonly scenario: Scenario;
  readonly alerts: number;
  /** Of the findings that the alerts were about. */
  readonly findings: number;
  readonly identities: readonly string[];
}

/** Says how often, and in how many findings, people were told of each attack of these kinds. */
export function tellingsOf({ cluster, alerts }: Verdict, kinds: ReadonlySet<string>): Telling[] {
  return cluster.scenarios.filter(({ kind }) => kinds.has(kind)).map((scenario) => {
    const own = alerts.filter(({ scenarios }) => scenarios.includes(scenario.id));
    const findings = new Set(own.map(({ finding }) => finding));
    return { scenario, alerts: own.length, findings: findings.size, identities: [...findings].map(({ identity }) => identity) };
  });
}

async function findingsOf({ name, events }: GeneratedCluster, state: StateStore): Promise<Finding[]> {
  const store = new MemoryFindingStore();
  const engine = new Engine({ state, findings: store });
  for await (const delivery of cutDeliveries(parsed(events), name)) await engine.process(delivery);
  return (await store.query({ limit: Number.MAX_SAFE_INTEGER })).reverse();
}

// eslint-disable-next-line @typescript-eslint/require-await -- deliveries are cut from what comes over time
async function* parsed(events: GeneratedCluster['events']): AsyncGenerator<AuditEvent> {
  for (const event of events) yield parseAuditEvent(JSON.stringify(event));
}

function alertsOf(finding: Finding, labels: ReadonlyMap<string, Label[]>): Alert[] {
  const known = finding.evidence.map(({ auditId }) => labels.get(auditId) ?? []).filter((some) => some.length > 0);
  const isLabelled = known.length > 0 && known.length / finding.evidence.length >= leastLabelledPart;
  const scenarios = isLabelled ? [...new Set(known.flat().filter(({ role }) => role === 'attack').map(({ scenario }) => scenario))] : [];
  const kind = !isLabelled ? 'false' : scenarios.length > 0 ? 'true' : 'consequence';
  return finding.severity === 'low' ? [] : finding.pushedAt.map((time) => ({ finding, time: Date.parse(time), kind, scenarios }));
}
