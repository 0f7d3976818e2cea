import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hash32, hash53 } from '../../lib/hash.ts';

const names = Array.from({ length: 20_000 }, (_, index) => `shop/cart-${String(index)}`);

test('gives whole numbers that a double holds, the same each time', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
    expect(Number.isSafeInteger(hash53(text)) && hash53(text) >= 0).toBe(true);
    expect(hash53(text) === hash53(text) && hash32(text) === hash53(text) % 2 ** 32).toBe(true);
  }));
});

test('stays what it was, since it is kept in state items', () => {
  expect(['', 'a', 'exec|shop', 'größe😀'].map(hash53)).toMatchInlineSnapshot(`
[
  3338908027751811,
  7929297801672961,
  4474209688104620,
  5027035950587737,
]
`);
});

test('tells twenty thousand names apart that differ by a number', () => {
  expect(new Set(names.map(hash53)).size).toBe(names.length);
});

test.each([[0, 'lowest'], [28, 'highest']])('spreads the bits from %d of 32, the %s, evenly', (shift) => {
  const counts = new Array<number>(16).fill(0);
  for (const name of names) counts[(hash32(name) >>> shift) & 15]! += 1;
  const [expected, deviation] = [names.length / 16, Math.sqrt((names.length / 16) * (15 / 16))];
  for (const count of counts) expect(Math.abs(count - expected)).toBeLessThan(5 * deviation);
});
