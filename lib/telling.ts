import type { Signal, SignalGroup } from './scoring/episode.ts';
import { shortName } from './identity.ts';
import { minuteText } from './time.ts';

/** Signals that say nearly the same of one identity, told in one sentence. */
export interface Told extends Pick<Signal, 'detector' | 'group' | 'decades' | 'words' | 'why' | 'by'> {
  readonly signals: readonly Signal[];
}

const shownLikes = 3;
/** So many words at the beginning make two things alike; of ordinary things the verb alone does. */
const alikeWords = 2;
/** What differs in more words than a name has is no other name. */
const mostDiffering = 4;

/** What was done comes before what led to it, where it came from, and the rest. */
const order: readonly (readonly SignalGroup[])[] = [['act', 'breadth', 'egress'], ['lead'], ['origin'], ['habit'], ['time']];

/** Whether a signal is something that was done, and no circumstance of it. */
export function isDeed({ group }: Pick<Signal, 'group'>): boolean {
  return order[0]?.includes(group) ?? false;
}

/**
 * Folds signals that differ in a name only, whatever makes them unusual; the order stays that of the first of each, which
 * also gives the score.
 */
export function foldSignals(signals: readonly Signal[]): Told[] {
  return foldedBy(signals, likenessOf);
}

/** Folds signals that differ in a name only and are unusual for the same reason; of several the first gives it. */
export function foldReasons(signals: readonly Signal[]): Told[] {
  return foldedBy(signals, (signal) => JSON.stringify([likenessOf(signal), shapeOf(signal.why)]));
}

function foldedBy(signals: readonly Signal[], likeness: (signal: Signal) => string): Told[] {
  const folds = Map.groupBy(signals, likeness);
  return [...folds.values()].flatMap((some) => {
    const words = foldWords(some.map((signal) => signal.words));
    return words === undefined ? some.map((signal) => toldOf([signal], signal.words)) : [toldOf(some, words)];
  });
}

function toldOf(signals: readonly Signal[], words: string): Told {
  return { ...(signals[0] as Signal), words, signals };
}

/** Sorts for the reader: deeds first, each sort in the order it has. */
export function inOrderOfTelling<Of extends Pick<Signal, 'group'>>(told: readonly Of[]): Of[] {
  const rankOf = ({ group }: Of): number => order.findIndex((groups) => groups.includes(group));
  return told.toSorted((one, other) => rankOf(one) - rankOf(other));
}

function likenessOf({ detector, by, words, group }: Signal): string {
  const beginning = words.split(' ').slice(0, group === 'habit' ? 1 : alikeWords).join(' ');
  return JSON.stringify([detector, by, shapeOf(beginning)]);
}

function shapeOf(text: string): string {
  return text.replace(/\d[\d,.]*/g, '0');
}

/** `read the secret a of shop` and `read the secret b of shop` are `read the secrets a and b of shop`; `undefined` where more differs. */
function foldWords(texts: readonly string[]): string | undefined {
  const [first = '', ...others] = [...new Set(texts)];
  if (others.length === 0) return first;
  const all = [first, ...others].map((text) => text.split(' '));
  const shortest = Math.min(...all.map(({ length }) => length));
  const begin = sharedLength(all, shortest);
  const end = sharedLength(all.map((words) => words.toReversed()), shortest - begin);
  const differing = all.map((words) => words.slice(begin, words.length - end));
  if (differing.some(({ length }) => length === 0 || length > mostDiffering)) return undefined;
  const likes = differing.map((words) => words.join(' '));
  const [words = []] = all;
  return [...plural(words.slice(0, begin)), listed(likes), ...words.slice(words.length - end)].join(' ');
}

/** `read the secret` of several is `read the secrets`. */
function plural(words: readonly string[]): readonly string[] {
  const [the, noun] = words.slice(-2);
  return the === 'the' && noun !== undefined && /^[a-z]+[^s\W]$/.test(noun) ? [...words.slice(0, -1), `${noun}s`] : words;
}

function sharedLength(all: readonly (readonly string[])[], most: number): number {
  const [first = []] = all;
  const differs = first.slice(0, most).findIndex((word, index) => all.some((words) => words[index] !== word));
  return differs < 0 ? most : differs;
}

function listed(names: readonly string[]): string {
  const left = names.length - shownLikes;
  const shown = left > 0 ? [...names.slice(0, shownLikes), `${String(left)} more`] : names;
  return `${shown.slice(0, -1).join(', ')} and ${shown.at(-1) ?? ''}`;
}

/** Gives an identity's name to begin a sentence with: `Service account shop/cart`. */
export function tellerName(identity: string): string {
  return shortName(identity).replace(/^(service account|node|role|a caller|an anonymous caller)\b/, (words) => words.charAt(0).toUpperCase() + words.slice(1));
}

/** Joins what was done to a sentence that names who did it, once as long as it stays the same one. */
export function sentenceOf(told: readonly Told[], identity: string): string {
  return told.map(({ by, words }, index) => {
    const isNamed = index === 0 || told[index - 1]?.by !== by;
    return `${isNamed ? `${shortName(by ?? identity)} ` : ''}${words}`;
  }).join('; ');
}

/** Says when, to the minute: `On 2026-03-01 at 09:00 UTC`, `On 2026-03-01 between 09:00 and 09:07 UTC`. */
export function timeWords(first: number, last: number): string {
  const [from, until] = [minuteText(first), minuteText(last)];
  const [day = '', minute = ''] = from.split(' ');
  if (from === until) return `On ${day} at ${minute} UTC`;
  const [lastDay, lastMinute = ''] = until.split(' ');
  return day === lastDay ? `On ${day} between ${minute} and ${lastMinute} UTC` : `Between ${from} and ${until} UTC`;
}
