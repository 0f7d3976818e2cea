import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addWindow, countBefore, presenceIn, type Presence } from '../../../lib/baseline/presence.ts';

function presenceOf([first = 0, ...rest]: readonly number[]): Presence {
  const presence = presenceIn(first);
  for (const window of rest) addWindow(presence, window);
  return presence;
}

const naive = (windows: readonly number[], end: number) => new Set(windows.filter((window) => window < end)).size;
const close = fc.nat(4_000_000).chain((start) => fc.array(fc.nat(15).map((offset) => start + offset), { minLength: 1, maxLength: 30 }));
const rising = fc.array(fc.oneof(fc.nat(3), fc.nat(100)), { minLength: 1 }).map((steps) => steps.map((_, index) => steps.slice(0, index + 1).reduce((sum, step) => sum + step, 1000)));

describe('within sixteen windows', () => {
  test('gives the same for the same windows in any order, however often', () => {
    fc.assert(fc.property(close, fc.array(fc.nat(), { minLength: 60, maxLength: 60 }), (windows, keys) => {
      const mixed = [...windows, ...windows].map((window, index) => [keys[index] ?? 0, window] as const).sort(([one], [other]) => one - other);
      expect(presenceOf(mixed.map(([, window]) => window))).toEqual(presenceOf([...new Set(windows)].sort((one, other) => one - other)));
    }));
  });

  test('counts exactly before any window', () => {
    fc.assert(fc.property(close, fc.integer({ min: -2, max: 20 }), (windows, offset) => {
      const end = Math.min(...windows) + offset;
      expect(countBefore(presenceOf(windows), end)).toBe(naive(windows, end));
    }));
  });
});

describe('over any time', () => {
  test('counts exactly before the latest sixteen windows and after, as they come', () => {
    fc.assert(fc.property(rising, fc.integer({ min: -15, max: 5 }), (windows, offset) => {
      const end = Math.max(...windows) + offset;
      expect(countBefore(presenceOf(windows), end)).toBe(naive(windows, end));
    }));
  });

  test('is never lowered by an older window', () => {
    fc.assert(fc.property(rising, fc.nat(300), fc.nat(400), (windows, back, before) => {
      const presence = presenceOf(windows);
      const [then, end] = [{ ...presence }, presence.last + 5 - before];
      const changed = addWindow(presence, presence.last - back);
      expect(countBefore(presence, end)).toBeGreaterThanOrEqual(countBefore(then, end));
      expect(presence.count >= then.count && presence.first <= then.first && presence.last === then.last).toBe(true);
      expect(changed).toBe(JSON.stringify(presence) !== JSON.stringify(then));
    }));
  });

  test('is seen before any end after its first window', () => {
    fc.assert(fc.property(rising, fc.nat(1000), (windows, after) => {
      expect(countBefore(presenceOf(windows), Math.min(...windows) + 1 + after)).toBeGreaterThanOrEqual(1);
    }));
  });
});

test.each([
  [15, { first: 100, last: 115, count: 2, recent: 0x8001 }],
  [16, { first: 100, last: 116, count: 2, recent: 1 }],
  [-15, { first: 85, last: 100, count: 2, recent: 0x8001 }],
  [-16, { first: 84, last: 100, count: 2, recent: 1 }],
  [0, { first: 100, last: 100, count: 1, recent: 1 }],
])('remembers a window %d after the first', (offset, presence) => {
  expect(presenceOf([100, 100 + offset])).toEqual(presence);
});
