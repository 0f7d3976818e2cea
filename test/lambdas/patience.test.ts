import { describe, expect, test } from '@jest/globals';
import { OutOfTimeError, Patience } from '../../lambdas/patience.ts';

describe('patience', () => {
  const delays = (random: number) => {
    const patience = new Patience({ now: () => 0, random: () => random });
    return [1, 2, 3, 4, 20].map((attempts) => patience.delayAfter(attempts, 100));
  };

  test('waits anything up to a bound that doubles, and no longer than twenty seconds', () => {
    expect(delays(0)).toEqual([0, 0, 0, 0, 0]);
    expect(delays(0.5)).toEqual([50, 100, 200, 400, 10_000]);
  });

  test('ends before the function does, with time for the answer', () => {
    let now = 0;
    const patience = new Patience({ now: () => now, random: () => 0.5 });
    patience.begin(60_000);
    expect(patience.delayAfter(1, 100)).toBe(50);
    now = 52_000;
    expect(() => patience.delayAfter(20, 1000)).toThrow(OutOfTimeError);
    expect(patience.isOver).toBe(false);
    now = 53_000;
    expect(patience.isOver).toBe(true);
    patience.begin(60_000);
    expect(patience.isOver).toBe(false);
  });

  test('has no end before a call has begun', () => {
    expect(new Patience({ now: () => Number.MAX_SAFE_INTEGER }).isOver).toBe(false);
  });
});
