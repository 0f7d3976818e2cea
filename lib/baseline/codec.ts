import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Episode, Signal } from '../scoring/episode.ts';
import { countDistinct } from './distinct.ts';
import type { Lead, Leads } from '../scoring/leads.ts';
import type { Baseline, Trait } from './baseline.ts';
import { noWindow, sampleOf, type WindowSample } from './window-sample.ts';
import type { Group, GroupTrait } from './group.ts';

/** All that is kept of one identity: one item of the state table. */
export interface IdentityState {
  readonly baseline: Baseline;
  episode: Episode | undefined;
}

/** The first byte of every item: which layout follows. A later release reads all earlier ones. */
const layout = 1;

/** No item is larger, whatever an identity does. */
export const maxItemBytes = 60 * 1024;

/** How often and when something was seen, in a form that older releases read: `recent` says in which windows, back from `first + span`. */
type PackedPresence = [key: string, first: number, span: number, count: number, recent: number];
/** No identity lives for so many windows, and none was seen so soon after 1970. */
const longestLife = 1_000_000;

/** Older items have the window in which it was told, later ones how long after the first that was; 0 when it was not. */
type PackedTrait = [...PackedPresence, quarantined: number | null, shared: number];
/** Without a level its windows are those in which the identity was active. */
type PackedFeature = [...PackedTrait, level: number | null, kept: number[], until: number | null] | PackedTrait;
type PackedActive = Omit<WindowSample, 'until'> & { readonly until: number | null; readonly recent: number };

interface PackedIdentity {
  readonly baseline: Omit<Baseline, 'traits' | 'features' | 'active' | 'usual' | 'salt'> & Partial<Pick<Baseline, 'usual' | 'salt'>> & {
    /** Only older releases count them. */
    readonly requests?: number;
    readonly active: PackedActive | Omit<PackedActive, 'level' | 'kept' | 'until'>;
    readonly traits: PackedTrait[];
    /** Not in items of the first release. */
    readonly features?: PackedFeature[];
  };
  readonly episode: PackedEpisode | null;
}

/** In items of the first release `halfDay` stands for `slot`, and what was counted later is missing. */
type PackedEpisode = Omit<Episode, 'signals' | 'slot' | 'total' | 'changes'> & Partial<Pick<Episode, 'slot' | 'total' | 'changes'>> & { readonly signals: Signal[]; readonly halfDay?: number };

interface PackedGroup {
  readonly members: [number, number][];
  readonly traits: [number, GroupTrait][];
}

/**
 * Writes an identity's state: a byte for the layout, then deflated JSON. What a hostile identity has filled with long
 * names is thinned out, oldest first, until it fits.
 */
export function encodeIdentity(state: IdentityState): Uint8Array {
  for (;;) {
    const bytes = pack(packIdentity(state));
    if (bytes.length <= maxItemBytes) return bytes;
    thinOut(state);
  }
}

/**
 * Reads an identity's state.
 * @throws {UnreadableStateError} when the bytes are none.
 */
export function decodeIdentity(bytes: Uint8Array): IdentityState {
  return unpack(bytes, ({ baseline, episode }: PackedIdentity) => ({ baseline: unpackBaseline(baseline), episode: episode ? unpackEpisode(episode) : undefined }));
}

function packBaseline({ salt, usual, active, traits, features, ...rest }: Baseline): PackedIdentity['baseline'] {
  const seen = { active: packActive(active), traits: [...traits].map(packTrait), features: [...features].map((feature) => packFeature(feature, active)) };
  return { salt, usual, requests: 0, ...rest, ...seen };
}

function unpackBaseline({ salt = 0, usual = {}, requests: _requests, active: packed, traits, features = [], ...rest }: PackedIdentity['baseline']): Baseline {
  const active = unpackActive(packed);
  return { salt, usual, ...rest, active, traits: new Map(traits.map(unpackTrait)), features: new Map(features.map((feature) => unpackFeature(feature, active))) };
}

/** What it is named by must stay the same, so that a finding that the first release began goes on being the same one. */
function unpackEpisode({ halfDay = 0, ...episode }: PackedEpisode): Episode {
  const { slot = halfDay, total = Math.max(episode.evidence.length, countDistinct(episode.seen)), changes = 0 } = episode;
  return { ...episode, slot, total, changes, signals: new Map(episode.signals.map((signal) => [signal.key, signal])) };
}

/** Writes a group's state, as `encodeIdentity` does. */
export function encodeGroup(group: Group): Uint8Array {
  return pack({ members: [...group.members], traits: [...group.traits] } satisfies PackedGroup);
}

/**
 * Reads a group's state.
 * @throws {UnreadableStateError} when the bytes are none.
 */
export function decodeGroup(bytes: Uint8Array): Group {
  return unpack(bytes, ({ members, traits }: PackedGroup) => ({ members: new Map(members), traits: new Map(traits) }));
}

/** Writes a cluster's leads, as `encodeIdentity` does. */
export function encodeLeads(leads: Leads): Uint8Array {
  return pack([...leads]);
}

/**
 * Reads a cluster's leads.
 * @throws {UnreadableStateError} when the bytes are none.
 */
export function decodeLeads(bytes: Uint8Array): Leads {
  return unpack(bytes, (leads: [string, Lead][]) => new Map(leads));
}

function packIdentity({ baseline, episode }: IdentityState): PackedIdentity {
  return {
    baseline: packBaseline(baseline),
    episode: episode ? { ...episode, signals: [...episode.signals.values()] } : null,
  };
}

function packActive({ kept, until, ...sample }: WindowSample): PackedActive {
  return { ...sample, kept: differences(kept), until: spanUntil(until, sample.first), recent: 1 };
}

function unpackActive({ first, last, count, ...sample }: PackedActive | Omit<PackedActive, 'level' | 'kept' | 'until'>): WindowSample {
  return 'kept' in sample ? { first, last, level: sample.level, kept: sums(sample.kept), count, until: untilOf(sample.until, first) } : sampleOf({ first, last, count });
}

function packFeature([key, { first, last, level, kept, count, until }]: [string, WindowSample], active: WindowSample): PackedFeature {
  const isAsActive = level === active.level && until === active.until && kept.length === active.kept.length && kept.every((window, index) => window === active.kept[index]);
  return [key, first, last - first, count, 1, null, 0, ...(isAsActive ? [null, [], 0] : [level, differences(kept), spanUntil(until, first)]) as [number | null, number[], number | null]];
}

function unpackFeature([key, first, span, count, , , , level, kept, until]: PackedFeature, active: WindowSample): [string, WindowSample] {
  const last = first + span;
  if (level === undefined || kept === undefined || until === undefined) return [key, sampleOf({ first, last, count })];
  return [key, { first, last, count, ...(level === null ? { level: active.level, kept: [...active.kept], until: active.until } : { level, kept: sums(kept), until: untilOf(until, first) }) }];
}

function spanUntil(until: number, first: number): number | null {
  return until === noWindow ? null : until - first;
}

function untilOf(span: number | null, first: number): number {
  return span === null ? noWindow : first + span;
}

/** Differences are shorter than the numbers of windows. */
function differences(windows: readonly number[]): number[] {
  return windows.map((window, index) => window - (windows[index - 1] ?? 0));
}

function sums(steps: readonly number[]): number[] {
  let sum = 0;
  return steps.map((step) => (sum += step));
}

function packTrait([key, { first, last, quarantined, shared }]: [string, Trait]): PackedTrait {
  return [key, first, last - first, 1, 1, quarantined ?? null, shared === undefined ? 0 : shared - first + 1];
}

function unpackTrait([key, first, span, , , quarantined, shared]: PackedTrait): [string, Trait] {
  const trait: Trait = { first, last: first + span };
  if (quarantined !== null) trait.quarantined = quarantined;
  if (shared !== 0) trait.shared = shared > longestLife ? shared : first + shared - 1;
  return [key, trait];
}

function thinOut({ baseline, episode }: IdentityState): void {
  const oldest = [...baseline.traits].sort((one, other) => one[1].last - other[1].last).slice(0, Math.ceil(baseline.traits.size / 4));
  for (const [key] of oldest) baseline.traits.delete(key);
  if (oldest.length === 0) baseline.open.splice(0, Math.ceil(baseline.open.length / 2));
  if (!episode) return;
  episode.evidence.splice(Math.ceil(episode.evidence.length / 2));
  for (const [key, signal] of episode.signals) episode.signals.set(key, { ...signal, words: firstHalf(signal.words), why: firstHalf(signal.why) });
}

function firstHalf(text: string): string {
  return text.slice(0, Math.floor(text.length / 2)).toWellFormed();
}

/** Writes any state: a byte for the layout, then deflated JSON. */
export function pack(value: unknown): Uint8Array {
  const packed = deflateRawSync(JSON.stringify(value), { level: 9 });
  const bytes = new Uint8Array(packed.length + 1);
  bytes[0] = layout;
  bytes.set(packed, 1);
  return bytes;
}

/**
 * Reads what `pack` wrote.
 * @throws {UnreadableStateError} when the bytes are none, or when `read` throws.
 */
export function unpack<Packed, State>(bytes: Uint8Array, read: (packed: Packed) => State): State {
  if (bytes[0] !== layout) throw new UnreadableStateError(`it has layout ${String(bytes[0])}, written by a newer release`);
  try {
    return read(JSON.parse(inflateRawSync(bytes.subarray(1)).toString()) as Packed);
  } catch (cause) {
    throw new UnreadableStateError('its bytes are damaged', { cause });
  }
}

/** A state item cannot be read: restore the table to an earlier point, or deploy the release that wrote it. */
export class UnreadableStateError extends Error {
  override readonly name = 'UnreadableStateError' as const;
  constructor(reason: string, options?: ErrorOptions) {
    super(`a state item cannot be read: ${reason}; restore the table or deploy the newer release`, options);
  }
}
