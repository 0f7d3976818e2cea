import { addDistinct, countDistinct, type DistinctSketch } from '../baseline/distinct.ts';
import { maxEvidence, severityRank, type Evidence, type FlowEvidence, type Severity } from '../finding.ts';
import { isoTime, minuteMs, windowOf, windowsPerDay } from '../time.ts';

/** What kind of evidence a signal is; each kind is summed by itself. */
export type SignalGroup = 'act' | 'breadth' | 'origin' | 'habit' | 'time' | 'lead' | 'egress';

/** One thing that is unusual about an identity's requests, however many requests show it. */
export interface Signal {
  /** The same for the same thing: `exec|payments`. */
  readonly key: string;
  /** The detector's id. */
  readonly detector: string;
  readonly group: SignalGroup;
  /** How surprising, as −log10 of its probability. */
  readonly decades: number;
  /** What was done, to complete "it …". */
  readonly words: string;
  /** Why that is unusual, with numbers. */
  readonly why: string;
  /** Whether it came from where, or with what, this identity never came. */
  readonly elsewhere: boolean;
  readonly window: number;
  /** How many, where the signal is a count. */
  readonly count?: number;
  /** Who did it, where that was not the identity whose episode it is in. */
  readonly by?: string;
  /** Keys of signals that say the same and more: beside one of them this one is silent. */
  readonly impliedBy?: readonly string[];
  /** Keys of signals beside which it counts, but need not be told: they say the same and more. */
  readonly toldBy?: readonly string[];
}

/** A request, or traffic, that is evidence. */
export interface EpisodeEvidence extends Pick<Evidence, 'time' | 'request'> {
  /** The same for the same evidence: of a request its audit id. */
  readonly auditId: string;
  /** Set where it is no request, so that its id is none of the audit log's. */
  readonly traffic?: true;
  readonly flow?: FlowEvidence;
  /** Of the most surprising act or count that it shows; 0 where only its origin is unusual. */
  readonly decades?: number;
  /** The network it came from, where its origin is unusual. */
  readonly from?: string;
  /** Who asked, where that was not the identity whose episode it is in. */
  readonly by?: string;
}

/** The episode of another identity in which one's own is told. */
export interface StoryPart {
  readonly identity: string;
  readonly slot: number;
}

/** Signals of one identity that belong together, and what was said of them. */
export interface Episode {
  /** The two hours it began in (since the epoch): with the identity they name the finding. The next cannot begin in the same. Below zero: see `newObservedEpisode`. */
  readonly slot: number;
  /** The window it began in. */
  readonly begun: number;
  /** Milliseconds since the epoch. */
  firstSeen: number;
  lastSeen: number;
  /** The window of the latest signal that was new. */
  news: number;
  readonly signals: Map<string, Signal>;
  /** Sorted by time; the earliest `maxEvidence`. */
  readonly evidence: EpisodeEvidence[];
  readonly seen: DistinctSketch;
  /** How often evidence was added: all that there is, while it is not more than is kept. */
  total: number;
  /** How often anything of it changed. */
  changes: number;
  /** When a severity was first reached, in milliseconds since the epoch. */
  readonly reached: Partial<Record<Severity, number>>;
  /** When something grave by itself came long after people were told, in milliseconds since the epoch. */
  wentOn?: number;
  /** Where it is told, once it is a part of another identity's story. */
  story?: StoryPart;
  /** Set once others may be a part of this one's story: it can then be no part itself. */
  leads?: true;
}

/** From here on people are told. */
export const mediumScore = 4.5;

/** Scores, in decades, from which on an episode has a severity. What is below the first is kept in mind and not recorded. */
export const severityScores: readonly (readonly [Severity, number])[] = [
  ['critical', 12],
  ['high', 8],
  ['medium', mediumScore],
  ['low', 3],
];

/** An episode ends so long after its last new signal, sooner once people were told, so that they hear of what comes after; or after its beginning. */
const quietWindows = windowsPerDay / 2;
const quietWindowsOnceTold = windowsPerDay / 12;
const longestWindows = 7 * windowsPerDay;
const maxSignals = 40;
/** What is less surprising does not keep an episode open. */
const leastNews = 3;
/** Evidence of so much, in decades, is always shown. */
const surelyShown = 2.5;
/** What follows people's being told within so long, in milliseconds, is told with it. */
export const settleMs = minuteMs;
/** What comes later than so many windows after it is a chapter of its own. */
const chapterWindows = 3;
/** Ordinary novelty, however much of it, counts for no more: new releases do new things. */
const maxHabitDecades = 2;

/** Begins an episode with nothing in it. */
export function newEpisode(time: number, window: number): Episode {
  return { slot: Math.floor(window / quietWindowsOnceTold), begun: window, firstSeen: time, lastSeen: time, news: window, signals: new Map(), evidence: [], seen: [], total: 0, changes: 0, reached: {} };
}

/** Begins an episode of what was observed elsewhere: when that is late, one of the same hours may have ended, which is another finding. */
export function newObservedEpisode(time: number, window: number): Episode {
  const episode = newEpisode(time, window);
  return { ...episode, slot: -1 - episode.slot };
}

/** Whether an episode is over, as seen from a window. */
export function isOver({ news, begun, reached }: Episode, window: number): boolean {
  return window - news > (reached.medium === undefined ? quietWindows : quietWindowsOnceTold) || window - begun > longestWindows;
}

/**
 * Adds a signal. Of the same thing the more surprising one stays, of equals the earlier, and too many leave the most
 * surprising: whatever the order they come in. `true` when anything changed.
 */
export function addSignal(episode: Episode, signal: Signal): boolean {
  const known = episode.signals.get(signal.key);
  const kept = known && !outranks(signal, known) ? known : signal;
  const elsewhere = signal.elsewhere || (known?.elsewhere ?? false);
  if (kept === known && elsewhere === known.elsewhere) return false;
  if (!known && episode.signals.size >= maxSignals && !dropLeast(episode.signals, signal)) return false;
  episode.signals.set(signal.key, { ...kept, elsewhere });
  if (kept === signal && signal.decades >= leastNews) episode.news = Math.max(episode.news, signal.window);
  episode.changes += 1;
  return true;
}

function outranks(one: Signal, other: Signal): boolean {
  if (one.decades !== other.decades) return one.decades > other.decades;
  if (one.count !== other.count) return (one.count ?? 0) > (other.count ?? 0);
  if (one.window !== other.window) return one.window < other.window;
  return one.words < other.words;
}

/**
 * Makes room for a signal: the least surprising of the largest group goes, since there it counts for next to nothing.
 * `false` when that is the signal itself.
 */
function dropLeast(signals: Map<string, Signal>, signal: Signal): boolean {
  const byGroup = [...Map.groupBy([...signals.values(), signal], ({ group }) => group).values()];
  const largest = byGroup.reduce((most, one) => (one.length > most.length ? one : most));
  const isLess = (one: Signal, other: Signal): boolean => one.decades < other.decades || (one.decades === other.decades && one.key > other.key);
  const least = largest.reduce((lowest, one) => (isLess(one, lowest) ? one : lowest));
  return least !== signal && signals.delete(least.key);
}

/** Adds a request as evidence. `true` when it was not there. */
export function addEvidence(episode: Episode, evidence: EpisodeEvidence, time: number): boolean {
  if (episode.evidence.some(({ auditId }) => auditId === evidence.auditId)) return false;
  const latest = episode.evidence[maxEvidence - 1];
  if (!addDistinct(episode.seen, evidence.auditId) && latest && isBefore(latest, evidence)) return false;
  episode.total += 1;
  episode.changes += 1;
  const isFirst = episode.evidence.length === 0;
  episode.firstSeen = isFirst ? time : Math.min(episode.firstSeen, time);
  episode.lastSeen = isFirst ? time : Math.max(episode.lastSeen, time);
  const after = episode.evidence.findIndex((other) => isBefore(evidence, other));
  episode.evidence.splice(after < 0 ? episode.evidence.length : after, 0, evidence);
  if (episode.evidence.length > maxEvidence) episode.evidence.pop();
  return true;
}

function isBefore(one: EpisodeEvidence, other: EpisodeEvidence): boolean {
  return one.time < other.time || (one.time === other.time && one.auditId < other.auditId);
}

/**
 * Gives the evidence to show: what carries the score, and what came from the same unusual network. What was only odd, hours
 * before or after something grave, would hide it.
 */
export function tellingEvidence({ evidence }: Episode): EpisodeEvidence[] {
  const shown = new Map([...Map.groupBy(evidence, ({ by }) => by)].map(([by, some]) => [by, leastShown(some)]));
  const isStrong = ({ by, decades }: EpisodeEvidence): boolean => decades === undefined || decades >= (shown.get(by) ?? 0);
  const from = new Set(evidence.filter(isStrong).flatMap((one) => one.from ?? []));
  return evidence.filter((one) => isStrong(one) || (one.from !== undefined && from.has(one.from)));
}

/** Half of the strongest, as one of two equal signals counts, but whatever is news. */
function leastShown(evidence: readonly EpisodeEvidence[]): number {
  return Math.min(surelyShown, Math.max(...evidence.map(({ decades = 0 }) => decades)) / 2);
}

/** Counts the requests that are evidence: exactly while few, else estimated. */
export function evidenceTotal({ total, seen }: Episode): number {
  return total <= maxEvidence ? total : Math.max(total, countDistinct(seen));
}

/**
 * Sums an episode's signals up. Within a group the most surprising counts whole, each further one half as much as the
 * one before, since things done together are not independent. Where a person came from counts only for what was done
 * from there: people move.
 */
export function scoreOf(episode: Episode, isPerson: boolean): number {
  const signals = speakingSignals(episode);
  const decadesOf = (group: SignalGroup): number[] => signals.filter((signal) => signal.group === group).map(({ decades }) => decades);
  const isMoved = !isPerson || isEverythingNew(signals);
  const fromElsewhere = (groups: readonly SignalGroup[]): boolean => isMoved || signals.some(({ group, elsewhere }) => elsewhere && groups.includes(group));
  return (
    combine(decadesOf('act')) +
    combine(decadesOf('breadth')) +
    combine(decadesOf('egress')) +
    (fromElsewhere(['act', 'breadth']) ? combine(decadesFrom(signals, isPlace)) : 0) +
    // A new program looks at more than the one before.
    (fromElsewhere(['act']) ? combine(decadesFrom(signals, isProgram)) : 0) +
    combine(decadesOf('time')) +
    combine(decadesOf('lead')) +
    Math.min(maxHabitDecades, combine(decadesOf('habit')))
  );
}

/** Gives the signals that no other signal of the episode implies. */
export function speakingSignals({ signals }: Episode): Signal[] {
  return [...signals.values()].filter(({ impliedBy }) => !impliedBy?.some((key) => signals.has(key)));
}

/** Gives the gravest severity that was reached; a severity never falls again. */
export function gravest({ reached }: Episode): Severity | undefined {
  return severityScores.find(([severity]) => reached[severity] !== undefined)?.[0];
}

/** Another place and another program at once: not a person on the move, nor one with a new machine. */
function isEverythingNew(signals: readonly Signal[]): boolean {
  return ['new-network', 'new-agent'].every((id) => signals.some(({ detector }) => detector === id));
}

const isProgram = ({ detector }: Signal): boolean => detector === 'new-agent';
const isPlace = (signal: Signal): boolean => !isProgram(signal);

/** Where from and with what are independent: the most surprising of each counts whole, further ones as in other groups. */
function decadesFrom(signals: readonly Signal[], is: (signal: Signal) => boolean): number[] {
  return signals.filter((signal) => signal.group === 'origin' && is(signal)).map(({ decades }) => decades);
}

function combine(decades: readonly number[]): number {
  return decades.toSorted((one, other) => other - one).reduce((sum, value, index) => sum + value / 2 ** index, 0);
}

/** Gives the severity of a score; `undefined` when it is not worth recording. */
export function severityOf(score: number): Severity | undefined {
  return severityScores.find(([, least]) => score >= least)?.[0];
}

/** Notes when severities were first reached. `true` when one was reached just now. */
export function noteSeverity(episode: Episode, severity: Severity, time: number): boolean {
  if (episode.reached[severity] !== undefined) return false;
  for (const [lesser] of severityScores) {
    if (severityRank(lesser) <= severityRank(severity)) episode.reached[lesser] ??= time;
  }
  return true;
}

/** Notes that what goes on, long after people were told of it, is worth telling again. */
export function noteGoingOn(episode: Episode, time: number): void {
  const { signals, reached, wentOn } = episode;
  if (reached.medium === undefined || wentOn !== undefined) return;
  const chapter = windowOf(reached.medium) + chapterWindows;
  const isGrave = ({ group, decades, window }: Signal): boolean => (group === 'act' || group === 'breadth') && window > chapter && decades >= mediumScore;
  if ([...signals.values()].some(isGrave)) episode.wentOn = time;
}

/**
 * Gives the times at which people are told, at most two: when medium is reached, and once more when it has become graver
 * than it was a minute later, or goes on with something that is grave by itself.
 */
export function pushTimes({ reached: { medium, high, critical }, wentOn }: Episode): string[] {
  const rises = [medium, high, critical].filter((time) => time !== undefined);
  if (rises.length === 0) return [];
  const first = Math.min(...rises);
  const later = [...rises, ...(wentOn === undefined ? [] : [wentOn])].filter((time) => time > first + settleMs);
  return [first, ...(later.length === 0 ? [] : [Math.min(...later)])].map(isoTime);
}
