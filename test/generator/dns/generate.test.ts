import { describe, expect, test } from '@jest/globals';
import { generateNames } from './generate.ts';
import { judgeNames } from './judge.ts';

describe('a cluster of a seed', () => {
  const names = generateNames(320, { days: 10 });
  const verdict = judgeNames(names);

  test('comes out the same each time', () => {
    const short = { days: 1, attacks: [] };
    expect(generateNames(1, short)).toEqual(generateNames(1, short));
    expect(generateNames(1, short).queries).not.toEqual(generateNames(3, short).queries);
  });

  test('is in the order of time, and has all attacks', () => {
    expect(names.queries.every(({ query }, index) => query.time >= (names.queries[index - 1]?.query.time ?? 0))).toBe(true);
    expect(new Set(names.queries.flatMap(({ scenario }) => scenario ?? []))).toEqual(new Set(names.scenarios));
  });

  test('has its attacks found, but for a tunnel of a kind that is used there, and little else', () => {
    expect(names.scenarios.filter((scenario) => !verdict.found.has(scenario)).map(({ kind }) => kind)).toEqual(['reverse-tunnel']);
    expect(verdict.falses.length).toBeLessThanOrEqual(1);
  });
});
