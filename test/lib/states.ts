import fc from 'fast-check';
import type { Baseline, Trait } from '../../lib/baseline/baseline.ts';
import type { IdentityState } from '../../lib/baseline/codec.ts';
import type { WindowSample } from '../../lib/baseline/window-sample.ts';
import { maxEvidence, type Evidence } from '../../lib/finding.ts';
import type { Episode, Signal } from '../../lib/scoring/episode.ts';

/** A pseudo-random number generator that gives the same numbers for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Text of so many random characters that cannot be packed. */
export function noise(random: () => number, length: number): string {
  return Array.from({ length }, () => String.fromCharCode(0x4e00 + Math.floor(random() * 20_000))).join('');
}

/** Text that an event can bring, with halves of surrogate pairs and keys of objects. */
export const hostileText = fc.oneof(fc.string({ unit: 'binary', maxLength: 30 }), fc.constantFrom('\ud800', 'a\udfffb', '__proto__', 'constructor', '', '\u0000', '\u001b[31m', 'x'.repeat(600)));

const count = fc.oneof(fc.nat(5000), fc.constantFrom(0, 1, Number.MAX_SAFE_INTEGER));
const windowNumber = fc.nat(4_000_000);
const sum = fc.double({ min: 0, max: 1e15, noNaN: true });
const sketch = fc.uniqueArray(fc.nat(0xffffffff), { maxLength: 64 }).map((hashes) => hashes.sort((one, other) => one - other));
const kept = fc.uniqueArray(windowNumber, { maxLength: 12 }).map((windows) => windows.sort((one, other) => one - other));
const sample: fc.Arbitrary<WindowSample> = fc.record({ first: windowNumber, last: windowNumber, level: fc.nat(20), kept, count, until: windowNumber });

const trait: fc.Arbitrary<Trait> = fc.tuple(windowNumber, windowNumber, fc.option(windowNumber), fc.option(fc.nat(100_000))).map(([first, last, quarantined, after]) => ({
  first,
  last,
  ...(quarantined === null ? {} : { quarantined }),
  ...(after === null ? {} : { shared: first + after }),
}));

const feature = fc.constantFrom('exec', 'secret-read', 'habit', 'new-network', 'x');

/** Any baseline, sensible or not. */
export const anyBaseline: fc.Arbitrary<Baseline> = fc.record({
  kind: fc.constantFrom('person', 'role', 'service-account', 'node', 'control-plane', 'anonymous', 'failed-authentication', 'user'),
  peerGroup: hostileText,
  salt: fc.nat(9999),
  active: sample,
  traits: fc.array(fc.tuple(fc.tuple(feature, hostileText).map((parts) => parts.join('|')), trait), { maxLength: 20 }).map((entries) => new Map(entries)),
  features: fc.array(fc.tuple(feature, sample), { maxLength: 5 }).map((entries) => new Map(entries)),
  dropped: fc.dictionary(feature, count, { noNullPrototype: true }),
  windows: sum,
  measures: fc.dictionary(feature, fc.record({ sum, squares: sum, largest: sum }), { noNullPrototype: true }),
  hours: fc.array(count, { minLength: 48, maxLength: 48 }),
  open: fc.array(fc.record({ window: windowNumber, sketches: fc.dictionary(feature, sketch, { noNullPrototype: true }) }), { maxLength: 4 }),
  credentials: fc.array(fc.record({ credential: fc.nat(0xffffffff), network: hostileText, last: windowNumber }), { maxLength: 6 }),
  usual: fc.dictionary(feature, fc.array(fc.nat(0xffff), { maxLength: 16 }), { noNullPrototype: true }),
  folded: fc.oneof(windowNumber, fc.constant(Number.MIN_SAFE_INTEGER)),
});

/** A signal with something in its fields replaced. */
export function signal(given: Partial<Signal> = {}): Signal {
  return { key: 'exec|shop', detector: 'exec', group: 'act', decades: 3, words: 'ran a command in pod cart-0 of shop', why: 'first time in 12 days', elsewhere: false, window: 100, ...given };
}

export const anySignal: fc.Arbitrary<Signal> = fc.record({
  key: fc.tuple(feature, fc.nat(60)).map((parts) => parts.join('|')),
  detector: fc.constantFrom('exec', 'secret-read', 'secrets-breadth', 'new-network', 'new-agent', 'habit', 'unknown'),
  group: fc.constantFrom('act', 'breadth', 'origin', 'habit'),
  decades: fc.double({ min: 0, max: 7, noNaN: true }).map(Math.abs),
  words: hostileText,
  why: hostileText,
  elsewhere: fc.boolean(),
  window: fc.integer({ min: 100, max: 160 }),
});

/** A request as evidence. */
export function evidence(given: Partial<Evidence> = {}): Evidence {
  return { auditId: 'a', time: '2026-03-02T09:00:00.000Z', request: 'get pods/exec cart-0 in shop from 203.0.113.9: 101', ...given };
}

const time = fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2026, 11) });

export const anyEvidence: fc.Arbitrary<Evidence> = fc.record({
  auditId: fc.oneof(fc.uuid(), hostileText.map((text) => text.slice(0, 128))),
  time: time.map((ms) => new Date(ms).toISOString()),
  request: hostileText.map((text) => text.slice(0, 160)),
});

/** An episode of these signals and this evidence, however they came to be there. */
export function episodeOf(signals: readonly Signal[], pieces: readonly Evidence[], given: Partial<Episode> = {}): Episode {
  const times = pieces.map((piece) => Date.parse(piece.time));
  return {
    slot: 1,
    begun: 100,
    firstSeen: Math.min(...times, Date.UTC(2026, 0)),
    lastSeen: Math.max(...times, Date.UTC(2026, 0)),
    news: 100,
    signals: new Map(signals.map((one) => [one.key, one])),
    evidence: pieces.slice(0, maxEvidence),
    seen: [],
    total: pieces.length,
    changes: pieces.length + signals.length,
    reached: {},
    ...given,
  };
}

const reached = fc.record({ low: time, medium: time, high: time, critical: time }, { requiredKeys: [] });

export const anyEpisode: fc.Arbitrary<Episode> = fc
  .tuple(fc.array(anySignal, { maxLength: 40 }), fc.array(anyEvidence, { maxLength: 40 }), reached, sketch)
  .map(([signals, pieces, times, seen]) => episodeOf(signals, pieces, { reached: times, seen }));

export const anyState: fc.Arbitrary<IdentityState> = fc.record({ baseline: anyBaseline, episode: fc.option(anyEpisode, { nil: undefined }) });
