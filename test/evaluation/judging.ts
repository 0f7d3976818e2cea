import type { Severity } from '../../lib/finding.ts';
import { rateInterval, shareInterval } from '../generator/intervals.ts';
import type { Scenario, Truth } from './corpus.ts';

const minute = 60_000;
const day = 86_400_000;
/** With less of its evidence labelled, a finding is about something else. */
const leastLabelledPart = 0.25;

/** As much of a finding as it takes to hold it against the labels; what stands in for the detector says the same. */
export interface Claim {
  readonly identity: string;
  readonly severity: Severity;
  /** When people were told of it; ISO times. */
  readonly pushedAt: readonly string[];
  readonly evidence: readonly { readonly auditId: string }[];
}

/** `true`: about an attack; `consequence`: only about what controllers and nodes did because of one; `false`: neither. */
export type Truthfulness = 'true' | 'consequence' | 'false';

/** A claim held against the labels. */
export interface Judged<Of extends Claim> {
  readonly claim: Of;
  readonly kind: Truthfulness;
  /** Of which it holds requests. */
  readonly scenarios: readonly string[];
}

/** Somebody was told. */
export interface Alert<Of extends Claim> extends Judged<Of> {
  /** Milliseconds since the epoch. */
  readonly time: number;
}

/** Claims held against the labels. */
export interface Verdict<Of extends Claim> {
  readonly judged: readonly Judged<Of>[];
  readonly alerts: readonly Alert<Of>[];
  /** Of each attack found, by its id: seconds from its beginning to the first alert. */
  readonly found: ReadonlyMap<string, number>;
}

/**
 * Holds claims against a recorded cluster's labels. A claim is true when at least a quarter of its evidence is labelled
 * and some of that as attack. It finds the attacks of which it holds requests and in whose time, from the beginning to
 * a day after the end, people were told of it. What is low is only recorded; each other time people are told is an alert.
 */
export function judge<Of extends Claim>(claims: readonly Of[], truth: Pick<Truth, 'scenarios' | 'labels'>): Verdict<Of> {
  const judged = claims.map((claim) => meaningOf(claim, truth.labels));
  const alerts = judged.flatMap((one) => (one.claim.severity === 'low' ? [] : one.claim.pushedAt.map((at) => ({ ...one, time: Date.parse(at) }))));
  const found = new Map<string, number>();
  for (const scenario of truth.scenarios) {
    const times = alerts.filter(({ scenarios, time }) => scenarios.includes(scenario.id) && isInTime(scenario, time)).map(({ time }) => time);
    if (times.length > 0) found.set(scenario.id, Math.max(0, Math.min(...times) - Date.parse(scenario.start)) / 1000);
  }
  return { judged, alerts, found };
}

function meaningOf<Of extends Claim>(claim: Of, labels: Truth['labels']): Judged<Of> {
  const known = claim.evidence.map(({ auditId }) => labels.get(auditId) ?? []).filter((some) => some.length > 0);
  if (known.length === 0 || known.length / claim.evidence.length < leastLabelledPart) return { claim, kind: 'false', scenarios: [] };
  const scenarios = [...new Set(known.flat().filter(({ role }) => role === 'attack').map(({ scenario }) => scenario))];
  return { claim, kind: scenarios.length > 0 ? 'true' : 'consequence', scenarios };
}

function isInTime({ start, end }: Scenario, time: number): boolean {
  return time >= Date.parse(start) - minute && time <= Date.parse(end) + day;
}

/** What a detector came to on a recorded cluster. */
export interface Figures {
  readonly corpus: string;
  readonly days: number;
  readonly events: number;
  readonly scenarios: number;
  readonly found: number;
  readonly recall: number;
  /** Between which the true one is, with 95 % confidence. */
  readonly recallInterval: readonly [number, number];
  readonly alerts: number;
  readonly falseAlerts: number;
  /** Alerts on what followed from an attack, without the attack itself. */
  readonly consequences: number;
  readonly falseAlertsPerClusterDay: number;
  readonly falseAlertsPerClusterDayInterval: readonly [number, number];
  readonly falseAlertsFirstDay: number;
  readonly falseAlertsFirst3Days: number;
  /** True alerts for each attack found. */
  readonly alertsPerFoundScenario: number;
  readonly precision: number;
  /** Of the attacks found; `null` when none was. */
  readonly medianSecondsToAlert: number | null;
  readonly longestSecondsToAlert: number | null;
  /** Findings, the low ones among them. */
  readonly recorded: number;
  readonly byCategory: Readonly<Record<string, { scenarios: number; found: number }>>;
}

/** Sums a verdict up. */
export function figuresOf({ judged, alerts, found }: Verdict<Claim>, { name, start, days, scenarios, events }: Truth & { readonly events: readonly unknown[] }): Figures {
  const falses = alerts.filter(({ kind }) => kind === 'false');
  const falsesBefore = (end: number): number => falses.filter(({ time }) => time < start + end * day).length;
  const seconds = [...found.values()].sort((one, other) => one - other);
  const byCategory = [...Map.groupBy(scenarios, ({ category }) => category)].map(([category, some]) => [category, { scenarios: some.length, found: some.filter(({ id }) => found.has(id)).length }] as const);
  return {
    corpus: name,
    days,
    events: events.length,
    scenarios: scenarios.length,
    found: found.size,
    recall: rounded(found.size / scenarios.length, 3),
    recallInterval: roundedPair(shareInterval(found.size, scenarios.length)),
    alerts: alerts.length,
    falseAlerts: falses.length,
    consequences: alerts.filter(({ kind }) => kind === 'consequence').length,
    falseAlertsPerClusterDay: rounded(falses.length / days, 2),
    falseAlertsPerClusterDayInterval: roundedPair(rateInterval(falses.length, days)),
    falseAlertsFirstDay: falsesBefore(1),
    falseAlertsFirst3Days: falsesBefore(3),
    alertsPerFoundScenario: rounded(alerts.filter(({ kind }) => kind === 'true').length / Math.max(1, found.size), 2),
    precision: rounded(1 - falses.length / Math.max(1, alerts.length), 3),
    medianSecondsToAlert: seconds[seconds.length >> 1] ?? null,
    longestSecondsToAlert: seconds.at(-1) ?? null,
    recorded: judged.length,
    byCategory: Object.fromEntries(byCategory),
  };
}

function roundedPair([least, most]: readonly [number, number]): [number, number] {
  return [rounded(least, 2), rounded(most, 2)];
}

/** Rounds to so many places after the point. */
export function rounded(value: number, places: number): number {
  return Math.round(value * 10 ** places) / 10 ** places;
}
