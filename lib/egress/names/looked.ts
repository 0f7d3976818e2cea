import { noveltyRate } from '../../scoring/surprise.ts';
import { cleanLine } from '../../text.ts';
import type { DnsQuery } from '../query-log.ts';
import { addTrait, keyOf, windowsBefore, type NameBaseline } from './name-baseline.ts';

/** Something unusual about what an asker looks up. */
export interface NameSignal {
  /** The same for the same thing. */
  readonly key: string;
  /** The detector's id. */
  readonly detector: string;
  /** How surprising, as −log10 of its probability; 7 at most. */
  readonly decades: number;
  /** What was done, to complete "it …". */
  readonly words: string;
  /** Why that is unusual, with numbers. */
  readonly why: string;
  readonly window: number;
  /** The look-up that shows it. */
  readonly evidence: DnsQuery;
}

/** What else is known of a look-up. */
export interface QuerySetting {
  /** The window it is in. */
  readonly window: number;
  /** Whether others in the cluster looked up names of a registered domain before the asker did. */
  readonly isUsual: (domain: string) => boolean;
  /** The entry of a list of known bad domains that the name is, or is below. */
  readonly threat?: string | undefined;
  /** How well the cluster is known, from 0 to 1, if better than the asker. */
  readonly clusterMaturity?: number | undefined;
}

/** A look-up as it is judged. */
export interface Looked {
  readonly baseline: NameBaseline;
  readonly query: DnsQuery;
  readonly domain: string;
  /** What the domain is kept by. */
  readonly key: string;
  readonly setting: QuerySetting;
  /** From 0 to 1. */
  readonly maturity: number;
  /** Whether nobody in the cluster looked the domain up until three days ago. */
  readonly isYoung: boolean;
  /** How surprising it is that the asker looks up a domain that is new. */
  readonly newDecades: number;
}

/** What one way of looking at it found, and whether the baseline changed. */
export interface Found {
  readonly changed: boolean;
  readonly signals: readonly Omit<NameSignal, 'window' | 'evidence'>[];
}
export const nothing: Found = { changed: false, signals: [] };

/** Why something about a new domain is unusual. */
export const newWhy = 'nobody in the cluster had looked the domain up before';

/** To be new counts for no more. */
export const maxNewDecades = 1.5;
/** Machines are not inventive; as in `lib/scoring/novelty.ts`. */
const concentration = 0.5;
const maxShown = 100;
/** Counts speak for so much while nothing is known. */
const leastTrust = 0.4;
/** More takes longer to sum up and is not more surprising. */
export const maxCount = 5000;
/** A count is no news unless it is so many times the largest of the past. */
export const beyondLargest = 2;

/** How far a count is to be trusted, from 0 to 1. */
export function trustOf({ maturity }: Looked): number {
  return leastTrust + (1 - leastTrust) * maturity;
}

/** How surprising one more domain is to an asker who knows so many. */
export function newDecadesOf(baseline: NameBaseline, window: number, domains: number): number {
  return Math.min(maxNewDecades, -Math.log10(noveltyRate(windowsBefore(baseline, window), domains, concentration)));
}

/** A trait that is known is no evidence. */
export function once(baseline: NameBaseline, signal: Found['signals'][number], window: number): Found {
  const { isNew, changed } = addTrait(baseline, keyOf(signal.key), window);
  return { changed, signals: isNew ? [signal] : [] };
}

/** Puts together what several ways of looking found. */
export function joined(found: readonly Found[]): Found {
  return { changed: found.some(({ changed }) => changed), signals: found.flatMap(({ signals }) => signals) };
}

/** Shows the name that was looked up. */
export function showName({ name, blocked }: DnsQuery): string {
  return `${show(name)}${blocked ? ' (kept back by the DNS firewall)' : ''}`;
}

/** A name is whatever the asker wrote. */
export function show(name: string): string {
  return cleanLine(name.slice(0, maxShown)).toWellFormed();
}
