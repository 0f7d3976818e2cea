import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { breadthDetectors } from '../../../lib/detectors/catalogue.ts';
import { companionProbability, countTail, decades, maxDecades, noveltyRate, type Companions, type CountHistory, type CountPrior } from '../../../lib/scoring/surprise.ts';
import { negativeBinomialTail, shrunk } from './negative-binomial.ts';

const nothing: CountHistory = { windows: 0, sum: 0, squares: 0 };
const history = (windows: number, each: number): CountHistory => ({ windows, sum: windows * each, squares: windows * each ** 2 });
const level = (members: number, doing = 0, values = 0, votes = 0): Companions => ({ members, doing, values, votes });
const priors = breadthDetectors.map(({ id, prior }) => [id, prior] as const);
const geometric: CountPrior = { mean: 1, variance: 24 / 13 };

describe('the probability of a count', () => {
  test.each(priors)('is the sum of a negative binomial\'s terms, with the prior of %s', (_, prior) => {
    for (const past of [nothing, history(10, 0), history(100, 1), history(1000, 7), { windows: 200, sum: 300, squares: 9000 }]) {
      for (const count of [1, 2, 5, 10, 30, 100]) expect(countTail(count, past, prior) / negativeBinomialTail(count, shrunk(past, prior))).toBeCloseTo(1, 5);
    }
  });

  test.each([1, 2, 5, 20, 29, 30, 31, 100, 300])('is that of a geometric distribution where it is one, for %d', (count) => {
    expect(countTail(count, nothing, geometric) / (0.75 * 2 ** -count)).toBeCloseTo(1, 6);
  });

  test('is about a half for what is always so', () => {
    expect(countTail(10, history(10_000, 10), { mean: 1, variance: 6 })).toBeCloseTo(0.5, 1);
  });

  test.each(priors)('falls with the count, with the prior of %s', (_, prior) => {
    for (const past of [nothing, history(1000, 0), history(1000, 20), { windows: 50, sum: 500, squares: 100_000 }]) {
      const tails = Array.from({ length: 400 }, (__, count) => countTail(count, past, prior));
      expect(tails.filter((tail, count) => tail > (tails[count - 1] ?? 1))).toEqual([]);
    }
  });

  test.each(priors)('falls with each quiet window and rises with each busy one, with the prior of %s', (_, prior) => {
    for (const count of [5, 10, 40]) {
      const quiet = [0, 1, 10, 100, 1000, 10_000].map((windows) => countTail(count, history(windows, 0), prior));
      const busy = [100, 101, 110, 200, 1000].map((windows) => countTail(count, { windows, sum: (windows - 100) * count, squares: (windows - 100) * count ** 2 }, prior));
      expect(quiet).toEqual(quiet.toSorted((one, other) => other - one));
      expect(busy).toEqual(busy.toSorted((one, other) => one - other));
    }
  });

  test('is a probability whatever the history', () => {
    const sum = fc.oneof(fc.double({ min: 0, max: 1e15, noNaN: true }), fc.constantFrom(0, Number.MIN_VALUE, 1e15));
    fc.assert(fc.property(fc.record({ windows: sum, sum, squares: sum }), fc.nat(5000), fc.constantFrom(...priors), (past, count, [, prior]) => {
      const tail = countTail(count, past, prior);
      expect(tail >= 0 && tail <= 1 && decades(tail) >= 0 && decades(tail) <= maxDecades).toBe(true);
    }));
  });

  test.each([0, -1])('is one for %d', (count) => { expect(countTail(count, nothing, geometric)).toBe(1); });
});

describe('the rate of new values', () => {
  test.each([
    [0, 0, 2, 1],
    [100, 0, 0.5, 0.5 / 100.5],
    [100, 10, 2, 7 / 102],
    [10, 1000, 2, 1],
  ])('after %d draws of %d values with concentration %d is %d', (draws, values, concentration, rate) => { expect(noveltyRate(draws, values, concentration)).toBeCloseTo(rate, 12); });

  test('is a probability that falls with draws and rises with values', () => {
    fc.assert(fc.property(fc.nat(1e9), fc.nat(1e9), fc.constantFrom(0.5, 1, 2), (draws, values, concentration) => {
      const rate = noveltyRate(draws, values, concentration);
      expect(rate > 0 && rate <= 1 && noveltyRate(draws + 1, values, concentration) <= rate && noveltyRate(draws, values + 1, concentration) >= rate).toBe(true);
    }));
  });
});

describe('the probability by companions', () => {
  test.each<[string, Companions[], number]>([
    ['the prior without any', [], 0.1],
    ['the prior when groups are empty', [level(0), level(0)], 0.1],
    ['the share of those who do it', [level(9, 4)], 0.45],
    ['never more than one', [level(9, 50)], 1],
    ['the share however small it is', [level(99, 1)], 1.5 / 100],
    ['what is left when nobody does it', [level(9)], 0.1 * 0.1],
    ['less of a larger group, past a smaller one', [level(4), level(9, 9)], 0.2 * 0.95],
    ['higher where new values are common', [level(9, 0, 20, 20)], (11 / 30) * 0.1],
  ])('is %s', (_, levels, probability) => { expect(companionProbability(levels, 0.1, 1)).toBeCloseTo(probability, 12); });

  test('says nothing of a cluster that is not known yet', () => {
    expect([companionProbability([level(9, 1)], 0.1, 0), companionProbability([level(9)], 0.1, 0)]).toEqual([1, 0.1]);
  });

  test('is a probability, and rises with those who do it', () => {
    const levels = fc.array(fc.record({ members: fc.nat(1e6), doing: fc.nat(1e6), values: fc.nat(1e6), votes: fc.nat(1e6) }), { maxLength: 3 });
    fc.assert(fc.property(levels, fc.double({ min: 1e-7, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (groups, prior, maturity) => {
      const probability = companionProbability(groups, prior, maturity);
      const more = companionProbability(groups.map((group) => (group.doing > 0 ? { ...group, doing: group.doing + 1 } : group)), prior, maturity);
      expect(probability > 0 && probability <= 1 && more >= probability).toBe(true);
    }));
  });
});

test.each([[1, 0], [2, 0], [0.1, 1], [1e-3, 3], [1e-7, 7], [1e-300, 7], [0, 7]])('a probability of %d is %d decades', (probability, value) => {
  expect(decades(probability)).toBeCloseTo(value, 12);
});
