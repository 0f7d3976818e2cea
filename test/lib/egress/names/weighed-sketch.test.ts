import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addWeighed, weigh, type WeighedSketch } from '../../../../lib/egress/names/weighed-sketch.ts';

const size = 32;
const weightOf = (item: string) => item.length;
function sketchOf(items: readonly string[]): WeighedSketch {
  const sketch: WeighedSketch = [];
  for (const item of items) addWeighed(sketch, item, { weight: weightOf(item), size });
  return sketch;
}
const items = fc.uniqueArray(fc.string({ maxLength: 60 }), { maxLength: 100 });

test('is the same whatever the order and however often', () => {
  fc.assert(fc.property(items, (some) => { expect(sketchOf([...some, ...some.toReversed()])).toEqual(sketchOf(some.toReversed())); }));
});

test('is exact while it has room', () => {
  fc.assert(fc.property(items, (all) => {
    const some = all.slice(0, size - 1);
    expect(weigh(sketchOf(some), size)).toEqual({ items: some.length, weight: some.reduce((sum, item) => sum + weightOf(item), 0) });
  }));
});

test('comes close above', () => {
  const { items: count, weight } = weigh(sketchOf(Array.from({ length: 5000 }, (_, index) => `name-${String(index)}`.padEnd(20 + (index % 30), 'x'))), size);
  expect(count / 5000).toBeGreaterThan(0.6);
  expect(count / 5000).toBeLessThan(1.6);
  expect(weight / count / 34.5).toBeGreaterThan(0.8);
  expect(weight / count / 34.5).toBeLessThan(1.2);
});

test('keeps weights within bounds', () => {
  const sketch: WeighedSketch = [];
  addWeighed(sketch, 'a', { weight: 1e9, size });
  addWeighed(sketch, 'b', { weight: -5, size });
  expect(weigh(sketch, size)).toEqual({ items: 2, weight: 63 });
});
