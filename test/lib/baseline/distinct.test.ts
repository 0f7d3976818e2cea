import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addDistinct, countDistinct, sketchSize, type DistinctSketch } from '../../../lib/baseline/distinct.ts';

function sketchOf(items: readonly string[]): DistinctSketch {
  const sketch: DistinctSketch = [];
  for (const item of items) addDistinct(sketch, item);
  return sketch;
}

const many = (seed: number, size: number) => Array.from({ length: size }, (_, index) => `namespace-${String(seed)}/secret-${String(index)}`);
const some = fc.array(fc.nat(300).map(String), { maxLength: 400 });

describe('is a set', () => {
  test('of which order and repetition say nothing', () => {
    fc.assert(fc.property(some, (items) => { expect(sketchOf([...items.toReversed(), ...items])).toEqual(sketchOf(items)); }));
  });

  test('that tells whether it changed, and stays bounded', () => {
    fc.assert(fc.property(some, fc.nat(300).map(String), (items, item) => {
      const sketch = sketchOf(items);
      const before = JSON.stringify(sketch);
      expect(addDistinct(sketch, item)).toBe(JSON.stringify(sketch) !== before);
      expect(sketch.length).toBeLessThanOrEqual(sketchSize);
    }));
  });
});

describe('counts', () => {
  test.each([0, 1, 2, 63])('%d items exactly', (size) => {
    for (let seed = 0; seed < 50; seed++) expect(countDistinct(sketchOf(many(seed, size)))).toBe(size);
  });

  test('never fewer when items are added', () => {
    const sketch: DistinctSketch = [];
    let last = 0;
    const falls = many(1, 5000).filter((item) => {
      addDistinct(sketch, item);
      return countDistinct(sketch) < last || (last = countDistinct(sketch)) < 1;
    });
    expect(falls).toEqual([]);
  });

  // The relative standard error of k minimum values is 1 / √(k − 2), about an eighth.
  test.each([[100, 200], [1000, 100], [10_000, 20]])('%d items within about an eighth', (size, sets) => {
    const errors = Array.from({ length: sets }, (_, seed) => countDistinct(sketchOf(many(seed, size))) / size - 1);
    const [mean, meanSquare] = [errors, errors.map((error) => error ** 2)].map((values) => values.reduce((sum, value) => sum + value, 0) / errors.length);
    expect(Math.abs(mean ?? 1)).toBeLessThan(0.09);
    expect(Math.sqrt(meanSquare ?? 1)).toBeLessThan(0.15);
    expect(Math.max(...errors.map(Math.abs))).toBeLessThan(0.5);
  });
});
