import { createHash } from 'node:crypto';
import type { IdentityState } from './baseline/codec.ts';
import { detectors } from './detectors/catalogue.ts';
import { evidenceTotal, gravest, severityOf, pushTimes, scoreOf, speakingSignals, type Episode, type Signal } from './scoring/episode.ts';
import { findingSchema, severityRank, type Finding, type Severity } from './finding.ts';
import { cleanLine } from './text.ts';
import { isoTime, minuteText } from './time.ts';

const maxReasons = 24;
const maxChecks = 6;

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
  if (!episode || episode.evidence.length === 0) return undefined;
  const score = scoreOf(episode, baseline.kind === 'person');
  const severity = graver(severityOf(score), gravest(episode));
  if (!severity) return undefined;
  const signals = speakingSignals(episode).sort((one, other) => other.decades - one.decades || (one.key < other.key ? -1 : 1));
  const told = signals.filter(({ group }) => group !== 'habit' && group !== 'hour');
  const of = told.length > 0 ? told : signals;
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
    firstSeen: isoTime(episode.firstSeen),
    lastSeen: isoTime(episode.lastSeen),
    title: titleOf(identity, of),
    summary: summaryOf(of, episode),
    checks: unique(of.map(({ detector }) => detectors.get(detector)?.check ?? '')).slice(0, maxChecks),
    techniques: unique(of.flatMap(({ detector }) => detectors.get(detector)?.techniques ?? [])).slice(0, 24),
    reasons: signals.slice(0, maxReasons).map(({ detector, words, why, decades }) => ({ detector, words: cleanLine(`It ${words}: ${why}`).slice(0, 500), score: round(decades) })),
    evidence: episode.evidence,
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
  const acted = signals.find(({ group }) => group === 'act' || group === 'breadth') ?? signals[0];
  return (acted && detectors.get(acted.detector)?.category) ?? 'credential-abuse';
}

function titleOf(identity: string, [first]: readonly Signal[]): string {
  return cleanLine(`${shortName(identity)} ${first?.words ?? 'did something new'}`).slice(0, 200);
}

/** The last part of an ARN or of a service account's name says enough in a title. */
function shortName(identity: string): string {
  return identity.startsWith('arn:') ? identity.replace(/^.*\//, '') : identity.replace(/^system:serviceaccount:([^:]+):/, 'service account $1/');
}

function summaryOf(signals: readonly Signal[], episode: Episode): string {
  const did = signals.slice(0, 4).map(({ words }) => words);
  const left = signals.length - did.length;
  const more = left > 0 ? `; and ${String(left)} more unusual thing${left === 1 ? '' : 's'}` : '';
  const [first, last] = [minuteText(episode.firstSeen), minuteText(episode.lastSeen)];
  const when = first === last ? `On ${first} UTC` : `Between ${first} and ${last} UTC`;
  return cleanLine(`${when} it ${did.join('; it ')}${more}.`).slice(0, 2000);
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)].filter((value) => value !== '');
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
