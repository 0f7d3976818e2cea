import type { Finding } from '../../lib/finding.ts';
import type { Label, Scenario } from './sample.ts';

/** With less of its evidence labelled, a finding is about something else. */
const leastLabelledPart = 0.25;

/** An attack and the first finding that people were sent about it. */
export interface ScenarioVerdict {
  readonly scenario: Scenario;
  readonly finding: Finding | undefined;
  /** Whether it was only recorded, with too low a severity to be sent. */
  readonly recorded: boolean;
}

/** How findings compare with what is known of the sample. */
export interface Verdict {
  readonly scenarios: ScenarioVerdict[];
  /** Sent, and about what controllers and nodes did because of an attack. */
  readonly consequences: Finding[];
  /** Sent, and about nothing bad. */
  readonly falseAlerts: Finding[];
}

/** Holds findings against the sample's labels. */
export function judge(findings: readonly Finding[], scenarios: readonly Scenario[], labels: ReadonlyMap<string, Label[]>): Verdict {
  const judged = findings.map((finding) => ({ finding, sent: finding.severity !== 'low', ...meaningOf(finding, labels) }));
  const sent = judged.filter((one) => one.sent);
  return {
    scenarios: scenarios.map((scenario) => ({
      scenario,
      finding: sent.find((one) => one.attacks.has(scenario.id))?.finding,
      recorded: judged.some((one) => one.attacks.has(scenario.id)),
    })),
    consequences: sent.filter((one) => one.labelled && one.attacks.size === 0).map((one) => one.finding),
    falseAlerts: sent.filter((one) => !one.labelled).map((one) => one.finding),
  };
}

function meaningOf({ evidence }: Finding, labels: ReadonlyMap<string, Label[]>): { labelled: boolean; attacks: Set<string> } {
  const known = evidence.map(({ auditId }) => labels.get(auditId) ?? []).filter((found) => found.length > 0);
  const labelled = known.length > 0 && known.length / evidence.length >= leastLabelledPart;
  const attacks = labelled ? known.flat().filter(({ role }) => role === 'attack') : [];
  return { labelled, attacks: new Set(attacks.map(({ scenario }) => scenario)) };
}
