import { describe, expect, test } from '@jest/globals';
import { generateNames } from './generate.ts';
import { judgeNames } from './judge.ts';

describe('a cluster of a seed', () => {
  const names = generateNames(2, { days: 11 });
  const verdict = judgeNames(names);

  test('comes out the same each time', () => {
    const again = generateNames(2, { days: 11 });
    expect(again.queries.length).toBe(names.queries.length);
    expect(again.queries.slice(0, 500)).toEqual(names.queries.slice(0, 500));
  });

  test('is in the order of time, and has all attacks', () => {
    expect(names.queries.every(({ query }, index) => query.time >= (names.queries[index - 1]?.query.time ?? 0))).toBe(true);
    expect(new Set(names.queries.flatMap(({ scenario }) => scenario ?? []))).toEqual(new Set(names.scenarios));
  });

  test('has its attacks found, and little else', () => {
    expect(names.scenarios.filter((scenario) => !verdict.found.has(scenario)).map(({ kind }) => kind)).toEqual([]);
    expect(verdict.falses.length).toBeLessThanOrEqual(2);
  });
});
