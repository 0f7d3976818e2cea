import { describe, expect, test } from '@jest/globals';
import { regularityOf } from '../../../../lib/egress/names/regularity.ts';
import { seeded } from '../../states.ts';

const timesOf = (count: number, step: (index: number) => number) => Array.from({ length: count }, (_, index) => step(index)).reduce<number[]>((times, each) => [...times, (times.at(-1) ?? 0) + each], []);

describe('finds regular', () => {
  test('a timer', () => {
    expect(regularityOf(timesOf(12, () => 61))).toEqual({ interval: 61, share: 1, isOnTheClock: false });
  });

  test('a timer with jitter of three tenths', () => {
    const random = seeded(1);
    expect(regularityOf(timesOf(24, () => 600 * (0.7 + 0.6 * random())))?.share).toBeGreaterThan(0.85);
  });

  test('a timer that fails now and then', () => {
    expect(regularityOf(timesOf(24, (index) => (index % 8 === 0 ? 1200 : 600)))?.share).toBeGreaterThan(0.8);
  });

  test('a scheduled job, and that it is one', () => {
    expect(regularityOf(Array.from({ length: 12 }, (_, index) => index * 3600 + (index * 7) % 30))).toMatchObject({ share: 1, isOnTheClock: true });
  });
});

describe('does not find regular', () => {
  test('what comes at random', () => {
    const random = seeded(2);
    expect(regularityOf(timesOf(24, () => -600 * Math.log(1 - random())))?.share).toBeLessThan(0.5);
  });

  test.each([[[]], [[5]], [[1, 2, 3, 4, 5, 6, 7, 8, 9]]])('too few: %j', (times) => {
    expect(regularityOf(times)).toBeUndefined();
  });
});
