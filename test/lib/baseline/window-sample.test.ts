import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addToSample, countBefore, decayedBefore, sampleIn, sampleOf, seenUntil, type WindowSample } from '../../../lib/baseline/window-sample.ts';
import { seeded } from '../states.ts';

const start = 2_951_000;

function sampled(windows: readonly number[], salt = 7): WindowSample {
  const sample = sampleIn(windows[0] ?? start, salt);
  for (const window of windows) addToSample(sample, window, salt);
  return sample;
}

/** The root of the mean square of how far the count is off, as a share of what there was, over many salts. */
function errorOf(windowsOf: (salt: number) => number[]): number {
  const errors = Array.from({ length: 100 }, (_, salt) => {
    const windows = windowsOf(salt * 97);
    return (countBefore(sampled(windows, salt * 97), Infinity) / windows.length - 1) ** 2;
  });
  return Math.sqrt(errors.reduce((sum, error) => sum + error, 0) / errors.length);
}

describe('a sample of windows', () => {
  const windows = fc.uniqueArray(fc.integer({ min: start, max: start + 3000 }), { minLength: 1, maxLength: 300 });

  test('is the same when windows come some minutes late, and twice', () => {
    fc.assert(fc.property(windows, fc.nat(9999), fc.array(fc.nat(3), { minLength: 5 }), (all, salt, moves) => {
      const late = [...all, ...all].map((window, index) => ({ window, at: window + (moves[index % moves.length] ?? 0) })).sort((one, other) => one.at - other.at);
      const inOrder = all.toSorted((one, other) => one - other);
      const [first = start] = inOrder;
      expect(sampled([first, ...late.map(({ window }) => window)], salt)).toEqual(sampled(inOrder, salt));
    }), { numRuns: 50 });
  });

  test('stays as it is when what is long past comes again', () => {
    fc.assert(fc.property(windows, fc.nat(9999), (all, salt) => {
      const inOrder = all.toSorted((one, other) => one - other);
      const sample = sampled(inOrder, salt);
      const before = structuredClone(sample);
      expect(inOrder.filter((window) => addToSample(sample, window, salt))).toEqual([]);
      expect(sample).toEqual(before);
    }), { numRuns: 50 });
  });

  test('stays small in whichever order they come, and counts about what there was', () => {
    const backwards = Array.from({ length: 2000 }, (_, index) => start - index);
    const jumping = Array.from({ length: 2000 }, (_, index) => start + ((index * 733) % 2000));
    for (const all of [backwards, jumping]) {
      const sample = sampled(all);
      expect(sample.kept.length).toBeLessThan(30);
      expect(countBefore(sample, Infinity)).toBeGreaterThan(1000);
      expect(countBefore(sample, Infinity)).toBeLessThan(4000);
    }
  });

  test('loses none that comes late', () => {
    fc.assert(fc.property(fc.shuffledSubarray([0, 50, 100, 150, 200, 250, 300].map((after) => start + after), { minLength: 7 }), (order) => {
      expect(countBefore(sampled(order), Infinity)).toBe(7);
    }));
  });

  test('counts a few exactly, before any window', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.integer({ min: start, max: start + 3000 }), { minLength: 1, maxLength: 7 }), fc.integer({ min: start, max: start + 3001 }), (some, end) => {
      const inOrder = some.toSorted((one, other) => one - other);
      expect(countBefore(sampled(inOrder), end)).toBe(inOrder.filter((window) => window < end).length);
    }));
  });

  test.each([1, 6, 144])('counts within a fifth what comes every %d windows for weeks', (step) => {
    expect(errorOf((salt) => Array.from({ length: step === 144 ? 40 : 1000 }, (_, index) => start + salt + step * index))).toBeLessThan(0.2);
  });

  test('counts within a half what comes at any time', () => {
    const random = seeded(1);
    expect(errorOf(() => Array.from({ length: 2000 }, (_, index) => start + index).filter(() => random() < 0.1))).toBeLessThan(0.5);
  });

  test('changes seldom, however long it goes on', () => {
    const sample = sampleIn(start, 3);
    const changes = Array.from({ length: 5000 }, (_, index) => addToSample(sample, start + index, 3)).filter(Boolean);
    expect(changes.length).toBeLessThan(100);
  });

  test('knows to some days when it was last added to', () => {
    const sample = sampled([start, start + 2000]);
    expect(sample.last).toBeLessThanOrEqual(start + 2000);
    expect(seenUntil(sample)).toBeGreaterThanOrEqual(start + 2000);
  });

  test('weighs windows by their age', () => {
    const sample = sampled([start, start + 100]);
    expect(decayedBefore(sample, start + 300, { halfLife: 100, asOf: start + 200 })).toBeCloseTo(0.25 + 0.5);
    expect(decayedBefore(sample, start + 100, { halfLife: 100, asOf: start + 200 })).toBeCloseTo(0.25);
  });

  test('of which only a count is known counts about as many', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 5000 }), (count) => {
      const counted = countBefore(sampleOf({ first: start, last: start + 2 * count, count }), Infinity);
      expect(counted).toBeGreaterThanOrEqual(count * 0.85);
      expect(counted).toBeLessThanOrEqual(count * 1.2);
    }));
  });
});
