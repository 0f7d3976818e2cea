import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { activeWindows, addActivity, addTrait, advance, countThing, featureOf, historyOf, hourOf, isKnown, knownValues, newBaseline, quarantine, traitKey, type Baseline } from '../../../lib/baseline/baseline.ts';
import { windowOf, windowsPerDay } from '../../../lib/time.ts';
import { monday } from '../requests.ts';
import { hostileText } from '../states.ts';

const start = 2_951_000;
const begun = () => newBaseline({ id: 'x', kind: 'person', peerGroup: 'peers' }, start);
const nothingReported = () => false;

/** Counts so many secrets in a window, as a request that comes then does. */
function count(baseline: Baseline, window: number, items: number): void {
  addActivity(baseline, window);
  advance(baseline, window, nothingReported);
  for (let item = 0; item < items; item++) countThing(baseline, 'secrets-breadth', { window, thing: `${String(window)} ${String(item)}` });
}

describe('names a trait', () => {
  test.each([
    ['exec', 'shop', 'exec|shop'],
    ['exec', 'a\nb\u0000c', 'exec|a b c'],
    ['exec', '\u202eevil\u200b', 'exec|evil'],
    ['exec', '', 'exec|'],
    ['exec', 'x'.repeat(1_000_000), `exec|${'x'.repeat(95)}`],
  ])('of %s by %j', (feature, value, key) => { expect(traitKey(feature, value)).toBe(key); });

  test('by one bounded, whole line, of which the feature can be told', () => {
    fc.assert(fc.property(fc.constantFrom('exec', 'privileged-workload'), fc.oneof(hostileText, fc.string({ unit: 'binary', minLength: 90, maxLength: 120 })), (feature, value) => {
      const key = traitKey(feature, value);
      expect(key.length <= 100 && key.isWellFormed() && featureOf(key) === feature).toBe(true);
      expect(key).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }));
  });
});

describe('keeps traits', () => {
  test('of one feature up to a bound, the latest of them, and counts those dropped as known', () => {
    const baseline = begun();
    for (let index = 0; index < 100; index++) addTrait(baseline, `exec|${String(index)}`, start + index);
    expect(baseline.traits.size).toBe(64);
    expect([baseline.traits.has('exec|35'), baseline.traits.has('exec|36'), baseline.traits.has('exec|99')]).toEqual([false, true, true]);
    expect(knownValues(baseline, 'exec', start + 200).values).toBe(100);
  });

  test('of all features up to a bound', () => {
    const baseline = begun();
    for (let index = 0; index < 1000; index++) addTrait(baseline, `feature-${String(index % 10)}|${String(index)}`, start + index);
    expect(baseline.traits.size).toBe(300);
    expect(Array.from({ length: 10 }, (_, index) => knownValues(baseline, `feature-${String(index)}`, start + 2000).values)).toEqual(new Array(10).fill(100));
  });

  test('and tells whether a window was news', () => {
    const baseline = begun();
    expect([start, start, start + 1, start].map((window) => addTrait(baseline, 'exec|shop', window))).toEqual([true, false, true, false]);
  });

  test('of what is done all the time seldom', () => {
    const baseline = begun();
    const news = Array.from({ length: 14 * windowsPerDay }, (_, index) => addTrait(baseline, 'habit|list pods', start + index)).filter(Boolean);
    expect(news.length).toBeLessThan(80);
  });

  test('of what was reported window by window, so that it is known when it came back', () => {
    const baseline = begun();
    addTrait(baseline, 'exec|shop', start);
    quarantine(baseline, 'exec|shop', start);
    for (const window of [start + 5, start + 9, start + 7]) addTrait(baseline, 'exec|shop', window);
    expect(baseline.traits.get('exec|shop')?.last).toBe(start + 9);
  });

  test('until they were not seen for two months', () => {
    const baseline = begun();
    addTrait(baseline, 'exec|shop', start);
    for (const [days, kept] of [[60, true], [70, false]] as const) {
      advance(baseline, start + days * windowsPerDay, nothingReported);
      expect(baseline.traits.has('exec|shop')).toBe(kept);
    }
  });
});

describe('knows', () => {
  test('only the past, which ends before the window before', () => {
    const baseline = begun();
    for (const window of [start, start + 1, start + 2]) {
      addTrait(baseline, 'exec|shop', window);
      addActivity(baseline, window);
    }
    const ends = [start, start + 1, start + 2, start + 3, start + 4];
    expect(ends.map((window) => isKnown(baseline, 'exec|shop', window))).toEqual([false, false, true, true, true]);
    expect(ends.map((window) => activeWindows(baseline, window))).toEqual([0, 0, 1, 2, 3]);
    expect(ends.map((window) => knownValues(baseline, 'exec', window).values)).toEqual([0, 0, 1, 1, 1]);
  });

  test('nothing of what was reported, for a week', () => {
    const baseline = begun();
    addTrait(baseline, 'exec|shop', start);
    quarantine(baseline, 'exec|shop', start);
    const week = 7 * windowsPerDay;
    for (const [window, known] of [[start + week, false], [start + week + 1, true]] as const) {
      addTrait(baseline, 'exec|shop', window);
      expect(isKnown(baseline, 'exec|shop', start + week + 5)).toBe(known);
    }
  });

  test('in how many windows it had a feature, whichever values there were', () => {
    const baseline = begun();
    for (const [value, window] of [['shop', 0], ['data', 0], ['shop', 1], ['shop', 1], ['web', 3]] as const) addTrait(baseline, `exec|${value}`, start + window);
    expect(knownValues(baseline, 'exec', start + 10)).toEqual({ values: 3, uses: 3 });
    expect(knownValues(baseline, 'exec', start + 3)).toEqual({ values: 2, uses: 2 });
    expect(knownValues(baseline, 'token-request', start + 10)).toEqual({ values: 0, uses: 0 });
  });

  test('one feature from another whose name it begins', () => {
    const baseline = begun();
    addTrait(baseline, 'exec-archive|x', start);
    expect(knownValues(baseline, 'exec', start + 10).values).toBe(0);
  });
});

describe('sums up windows', () => {
  test('as a count of each would, without the present', () => {
    fc.assert(fc.property(fc.array(fc.nat(6), { minLength: 1, maxLength: 12 }), (counts) => {
      const baseline = begun();
      for (const [index, items] of counts.entries()) count(baseline, start + index, items);
      const past = counts.slice(0, -2);
      const history = historyOf(baseline, 'secrets-breadth', start + counts.length - 1);
      expect(history.windows).toBeCloseTo(past.length, 1);
      expect(history.sum).toBeCloseTo(past.reduce((sum, items) => sum + items, 0), 0);
      expect(history.squares).toBeCloseTo(past.reduce((sum, items) => sum + items ** 2, 0), 0);
    }));
  });

  test('of two weeks ago by half', () => {
    const baseline = begun();
    count(baseline, start, 8);
    count(baseline, start + 14 * windowsPerDay, 2);
    expect(historyOf(baseline, 'secrets-breadth', start + 14 * windowsPerDay + 2)).toMatchObject({ windows: 2, sum: 10 });
    advance(baseline, start + 14 * windowsPerDay + 10, nothingReported);
    expect(historyOf(baseline, 'secrets-breadth', start + 14 * windowsPerDay + 10)).toEqual({ windows: 1.5, sum: 6, squares: 36, largest: 4, reported: 0 });
  });

  test('but for those in which something was reported', () => {
    const baseline = begun();
    for (const window of [start, start + 1]) count(baseline, window, 5);
    advance(baseline, start + 10, (window) => window === start + 1);
    const { windows, sum } = historyOf(baseline, 'secrets-breadth', start + 10);
    expect(sum / windows).toBeCloseTo(5);
    expect(windows).toBeCloseTo(1, 2);
  });

  test('and counts nothing more for one that is summed up, or before it', () => {
    const baseline = begun();
    count(baseline, start, 1);
    count(baseline, start + 4, 1);
    expect([start - 1, start, start + 1].map((window) => countThing(baseline, 'secrets-breadth', { window, thing: 'late' }))).toEqual([undefined, undefined, 1]);
  });

  test('in whichever order they come while they are open', () => {
    fc.assert(fc.property(fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), (order) => {
      const baseline = begun();
      for (const offset of order) count(baseline, start + offset, offset + 1);
      expect(historyOf(baseline, 'secrets-breadth', start + 10)).toEqual({ windows: 4, sum: 10, squares: 30, largest: 4, reported: 0 });
    }));
  });

  test('of a machine about, where nothing was counted in them', () => {
    const baseline = newBaseline({ id: 'x', kind: 'node', peerGroup: 'nodes' }, start);
    for (let window = start; window < start + 1000; window++) addActivity(baseline, window);
    count(baseline, start + 1000, 5);
    const { windows, sum, largest } = historyOf(baseline, 'secrets-breadth', start + 1010);
    expect([sum, largest]).toEqual([5, 5]);
    expect(windows).toBeGreaterThan(600);
    expect(windows).toBeLessThan(1400);
  });

  test('but not what it did before: the usual is no news', () => {
    const baseline = begun();
    const read = (window: number, names: readonly string[]) => names.map((thing) => countThing(baseline, 'secrets-breadth', { window, thing }));
    expect(read(start, ['a', 'b', 'a'])).toEqual([1, 2, undefined]);
    advance(baseline, start + 10, nothingReported);
    expect(read(start + 10, ['a', 'b', 'c', 'd'])).toEqual([undefined, undefined, 1, 2]);
  });

  test('and what was reported is never usual', () => {
    const baseline = begun();
    countThing(baseline, 'secrets-breadth', { window: start, thing: 'a' });
    advance(baseline, start + 10, () => true);
    expect(countThing(baseline, 'secrets-breadth', { window: start + 10, thing: 'a' })).toBe(1);
  });

  test('by hour of the day', () => {
    const baseline = begun();
    count(baseline, windowOf(monday), 1);
    advance(baseline, windowOf(monday) + 10, nothingReported);
    expect(baseline.hours.map((windows, hour) => [hour, windows]).filter(([, windows]) => windows !== 0)).toEqual([[9, 1]]);
  });
});

test.each([['2026-03-02T00:00:00Z', 0], ['2026-03-06T23:59:59Z', 23], ['2026-03-07T00:00:00Z', 24], ['2026-03-08T23:50:00Z', 47], ['2026-03-09T00:00:00Z', 0]])('%s is in hour %d of weekdays and weekends', (time, hour) => {
  expect(hourOf(windowOf(Date.parse(time)))).toBe(hour);
});
