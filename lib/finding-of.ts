import { createHash } from 'node:crypto';
import type { IdentityState } from './baseline/codec.ts';
import { detectors } from './detectors/catalogue.ts';
import { evidenceTotal, gravest, severityOf, pushTimes, scoreOf, speakingSignals, tellingEvidence, type Episode, type Signal } from './scoring/episode.ts';
import { stagesOf, type Stage } from './scoring/progress.ts';
import { findingSchema, maxOthers, severityRank, type Finding, type Severity } from './finding.ts';
import { firstSteps } from './first-steps.ts';
import { kindOfName, shortName, type IdentityKind } from './identity.ts';
import { countsOf, tallyOf, type Tally } from './tally.ts';
import { foldReasons, foldSignals, inOrderOfTelling, isDeed, sentenceOf, tellerName, timeWords, type Told } from './telling.ts';
import { cleanLine } from './text.ts';
import { isoTime } from './time.ts';

const maxReasons = 24;
const maxChecks = 6;
const maxStages = 12;
const maxFirstSteps = 4;
/** Of one tactic. */
const maxSteps = 2;
/** In a summary. */
const maxClauses = 5;

/** Whose episode it is. */
export interface Subject {
  readonly cluster: string;
  readonly identity: string;
}

/** Who is told of: with what kind it is, and whether others take part. */
interface Cast {
  readonly identity: string;
  readonly kind: IdentityKind;
  readonly others: readonly string[];
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
  const unusual = signals.filter(({ group }) => group !== 'habit' && group !== 'time');
  const of = unusual.length > 0 ? unusual : signals;
  const others = unique(signals.map(({ by }) => by ?? '')).slice(0, maxOthers);
  const cast = { identity, kind: baseline.kind, others };
  const told = inOrderOfTelling(foldSignals(tellable(of, episode)));
  const evidence = tellingEvidence(episode).map(({ by, flow, traffic, auditId, time, request }) => ({ auditId, time, request, ...flow, ...(traffic ? { auditId: '' } : {}), ...placeOf(by, others) }));
  const tally = tallyOf(evidence).map(({ what, count }) => ({ what: cleanLine(what), count }));
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
    title: titleOf(cast, told),
    summary: summaryOf(cast, told, { episode, tally }),
    checks: unique(told.map((one) => checkOf(cast, one))).slice(0, maxChecks),
    innocent: innocentOf(told),
    firstSteps: stepsFor(cast, cluster, episode),
    stages: stagesOf(episode).flatMap((stage) => stepsOf(cast, stage, episode)).slice(0, maxStages),
    others,
    techniques: unique(of.flatMap(({ detector }) => detectors.get(detector)?.techniques ?? [])).slice(0, 24),
    reasons: foldReasons(tellable(signals, episode)).slice(0, maxReasons).map((one) => ({ detector: one.detector, words: line(`${subjectOf(cast, one)} ${one.words}: ${one.why}`, 500), score: round(one.decades) })),
    evidence,
    evidenceTotal: evidenceTotal(episode),
    tally,
  } satisfies Finding);
}

/** Leaves out what another signal says as well and more. */
function tellable(signals: readonly Signal[], { signals: all }: Episode): Signal[] {
  return signals.filter(({ toldBy }) => !toldBy?.some((key) => all.has(key)));
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

/** What was done that matters most, and from where that was new; where nothing else is unusual, that alone. */
function titleOf({ identity, kind }: Cast, told: readonly Told[]): string {
  const [first, second] = told;
  const name = tellerName(first?.by ?? identity);
  if (!first || !isDeed(first)) return line(`${name} ${first?.words ?? 'did something new'}${second && second.by === first?.by ? ` and ${second.words}` : ''}`, 200);
  const place = kind === 'failed-authentication' || kind === 'anonymous' ? '' : placeWords(first, told);
  return line(`${name} ${first.words}${place}`, 200);
}

function placeWords(deed: Told, told: readonly Told[]): string {
  if (!deed.signals.some(({ elsewhere }) => elsewhere)) return '';
  const place = told.find(({ detector, by }) => (detector === 'new-network' || detector === 'new-scope') && by === deed.by);
  return place ? `, and ${place.signals[0]?.words ?? ''}` : '';
}

/** Who did it, to begin a sentence. Whoever is alone in a finding has been named: a machine is `It`, a person has no need of a domain. */
function subjectOf({ identity, kind, others }: Cast, { by }: Pick<Signal, 'by'>): string {
  if (others.length > 0) return tellerName(by ?? identity);
  return kind === 'person' ? shortName(identity).replace(/(?<=.)@.*$/, '') : 'It';
}

function checkOf({ kind }: Cast, { detector, by }: Told): string {
  const found = detectors.get(detector);
  return found?.checkBy?.[by === undefined ? kind : kindOfName(by)] ?? found?.check ?? '';
}

function innocentOf([first]: readonly Told[]): string {
  return (first && detectors.get(first.detector)?.innocent) ?? '';
}

/** What to do first about who began it, and about the first of the others. */
function stepsFor({ identity, kind, others }: Cast, cluster: string, { firstSeen }: Episode): string[] {
  const [other] = others;
  const all = [{ identity, kind }, ...(other === undefined ? [] : [{ identity: other, kind: kindOfName(other) }])];
  return all.flatMap((one) => firstSteps({ ...one, cluster, firstSeen }).map((step) => line(step, 400))).slice(0, maxFirstSteps);
}

function stepsOf({ identity, others }: Cast, { tactic, signals }: Stage, episode: Episode): Finding['stages'] {
  return foldSignals(tellable(signals, episode)).slice(0, maxSteps).map(({ words, by }) => ({ tactic, words: line(others.length === 0 ? words : `${shortName(by ?? identity)} ${words}`, 120), ...placeOf(by, others) }));
}

function placeOf(by: string | undefined, others: readonly string[]): { other?: number } {
  const other = by === undefined ? -1 : others.indexOf(by);
  return other < 0 ? {} : { other };
}

function summaryOf({ identity }: Cast, told: readonly Told[], { episode, tally }: { episode: Episode; tally: readonly Tally[] }): string {
  const left = told.slice(maxClauses).reduce((sum, { signals }) => sum + signals.length, 0);
  const more = left > 0 ? `; and ${String(left)} more unusual thing${left === 1 ? '' : 's'}` : '';
  // Where nothing that was done is unusual by itself, all that was done is told.
  const asked = told.some(isDeed) ? '' : ` This was asked: ${countsOf(tally)}.`;
  return line(`${timeWords(firstShown(episode), episode.lastSeen)}, ${sentenceOf(told.slice(0, maxClauses), identity)}${more}.${asked}`, 2000);
}

/** Text from events is hostile: made one harmless line, and cut where it is too long. */
function line(text: string, maxLength: number): string {
  const clean = cleanLine(text);
  return clean.length <= maxLength ? clean : `${clean.slice(0, maxLength - 1).replace(/\p{Cs}$/u, '')}…`;
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
