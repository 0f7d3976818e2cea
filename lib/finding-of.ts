import { createHash } from 'node:crypto';
import type { IdentityState } from './baseline/codec.ts';
import { detectors } from './detectors/catalogue.ts';
import { evidenceTotal, gravest, severityOf, pushTimes, scoreOf, speakingSignals, tellingEvidence, type Episode, type Signal } from './scoring/episode.ts';
import { stagesOf, type Stage } from './scoring/progress.ts';
import { findingSchema, maxOthers, severityRank, type Finding, type Severity } from './finding.ts';
import { shortName } from './identity.ts';
import { cleanLine } from './text.ts';
import { isoTime, minuteText } from './time.ts';

const maxReasons = 24;
const maxChecks = 6;
const maxStages = 12;
/** Of one tactic. */
const maxSteps = 2;

/** Whose episode it is. */
export interface Subject {
  readonly cluster: string;
  readonly identity: string;
}

/**
 * Says an episode as a finding; `undefined` while it is not worth recording. The same episode gives the same finding,
 * and one that has grown a higher revision, whoever computes it.
 */
export function findingOf({ cluster, identity }: Subject, { baseline, episode }: IdentityState): Finding | undefined {
  // What is a part of another identity's story is told there.
  if (!episode || episode.evidence.length === 0 || episode.story) return undefined;
  const score = scoreOf(episode, baseline.kind === 'person');
  const severity = graver(severityOf(score), gravest(episode));
  if (!severity) return undefined;
  const signals = speakingSignals(episode).sort((one, other) => other.decades - one.decades || (one.key < other.key ? -1 : 1));
  const told = signals.filter(({ group }) => group !== 'habit' && group !== 'time');
  const of = told.length > 0 ? told : signals;
  const others = unique(signals.map(({ by }) => by ?? '')).slice(0, maxOthers);
  return findingSchema.parse({
    schemaVersion: 1,
    id: idOf(cluster, identity, episode),
    cluster,
    identity,
    category: categoryOf(of),
    severity,
    status: 'open',
    revision: revisionOf(episode),
    score: round(score),
    raisedAt: isoTime(episode.reached.low ?? episode.firstSeen),
    pushedAt: pushTimes(episode),
    firstSeen: isoTime(firstShown(episode)),
    lastSeen: isoTime(episode.lastSeen),
    title: titleOf(identity, of),
    summary: summaryOf(of, episode),
    checks: unique(of.map(({ detector }) => detectors.get(detector)?.check ?? '')).slice(0, maxChecks),
    stages: stagesOf(episode).flatMap((stage) => stepsOf(stage, others)).slice(0, maxStages),
    others,
    techniques: unique(of.flatMap(({ detector }) => detectors.get(detector)?.techniques ?? [])).slice(0, 24),
    reasons: signals.slice(0, maxReasons).map(({ detector, words, why, decades, by }) => ({ detector, words: cleanLine(`${subjectOf(by, 'It')} ${words}: ${why}`).slice(0, 500), score: round(decades) })),
    evidence: tellingEvidence(episode).map(({ by, flow, traffic, auditId, time, request }) => ({ auditId, time, request, ...flow, ...(traffic ? { auditId: '' } : {}), ...placeOf(by, others) })),
    evidenceTotal: evidenceTotal(episode),
  } satisfies Finding);
}

/** A severity that was reached stays, though a signal that implies others may have lowered the sum since. */
function graver(one: Severity | undefined, other: Severity | undefined): Severity | undefined {
  if (!one || !other) return one ?? other;
  return severityRank(one) >= severityRank(other) ? one : other;
}

function idOf(cluster: string, identity: string, { slot }: Episode): string {
  return createHash('sha256').update(JSON.stringify([cluster, identity, slot])).digest('hex').slice(0, 24);
}

/** Each part only ever grows, and one with each change, so a revision tells which of two versions holds more. */
function revisionOf(episode: Episode): number {
  const decades = [...episode.signals.values()].reduce((sum, signal) => sum + signal.decades, 0);
  return 1 + evidenceTotal(episode) * 1000 + Math.round(decades * 100) + episode.signals.size + episode.changes;
}

function categoryOf(signals: readonly Signal[]): Finding['category'] {
  const acted = signals.find(({ group }) => group === 'act' || group === 'breadth' || group === 'egress') ?? signals[0];
  return (acted && detectors.get(acted.detector)?.category) ?? 'credential-abuse';
}

function titleOf(identity: string, [first]: readonly Signal[]): string {
  return cleanLine(`${shortName(first?.by ?? identity)} ${first?.words ?? 'did something new'}`).slice(0, 200);
}

/** In a story others act too. */
function subjectOf(by: string | undefined, self: string): string {
  return by === undefined ? self : shortName(by);
}

function stepsOf({ tactic, signals }: Stage, others: readonly string[]): Finding['stages'] {
  return signals.slice(0, maxSteps).map(({ words, by }) => ({ tactic, words: cleanLine(`${subjectOf(by, 'it')} ${words}`.slice(0, 120)), ...placeOf(by, others) }));
}

function placeOf(by: string | undefined, others: readonly string[]): { other?: number } {
  const other = by === undefined ? -1 : others.indexOf(by);
  return other < 0 ? {} : { other };
}

function summaryOf(signals: readonly Signal[], episode: Episode): string {
  const did = signals.slice(0, 4).map((signal) => `${subjectOf(signal.by, 'it')} ${signal.words}`);
  const left = signals.length - did.length;
  const more = left > 0 ? `; and ${String(left)} more unusual thing${left === 1 ? '' : 's'}` : '';
  const [first, last] = [minuteText(firstShown(episode)), minuteText(episode.lastSeen)];
  const when = first === last ? `On ${first} UTC` : `Between ${first} and ${last} UTC`;
  return cleanLine(`${when} ${did.join('; ')}${more}.`).slice(0, 2000);
}

/** When the first of the evidence that is shown was, in milliseconds since the epoch. */
function firstShown(episode: Episode): number {
  const [first] = tellingEvidence(episode);
  return first ? Date.parse(first.time) : episode.firstSeen;
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)].filter((value) => value !== '');
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
