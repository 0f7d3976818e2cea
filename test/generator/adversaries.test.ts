import { describe, expect, test } from '@jest/globals';
import { adversaries, measuredPaces, reachOf, type Pace } from './adversaries.ts';

/** docs/adversaries.md has all; here is what must not become worse. */
const bounds: readonly (readonly [kind: string, pace: Pace, before: number])[] = [
  ['slow-theft', 'minute', 6],
  ['slow-theft', 'hour', 8],
  ['slow-theft-from-pod', 'second', 6],
  ['slow-theft-from-pod', 'minute', 6],
  ['slow-theft-from-pod', 'hour', 8],
  ['all-as-usual', 'second', 22],
  ['granted-operator', 'minute', 6],
  ['slow-poisoning', 'hour', 12],
  ['slow-poisoning', 'day', 26],
  ['many-identities', 'second', 3],
  ['flood-of-others', 'second', 3],
  ['flood-of-self', 'second', 0],
];

describe('an adversary', () => {
  test.each(bounds)('of %s, one in a %s, reads no more than %d secrets before people are told', async (kind, pace, before) => {
    const reach = await reachOf(kind, pace, 401);
    expect(reach.alerts).toBeGreaterThan(0);
    expect(reach.before).toBeLessThanOrEqual(before);
    expect(reach.unseen).toBeLessThan(reach.stolen);
  });

  // Each of these gets all that it wants. One that begins to pass is found by now, and belongs above.
  test.failing.each<readonly [string, Pace]>([['all-as-usual', 'minute'], ['granted-reads', 'minute']])('of %s, one in a %s, is told of', async (kind, pace) => {
    expect((await reachOf(kind, pace, 401)).alerts).toBeGreaterThan(0);
  });

  test('is measured at some pace, whoever it is', () => {
    expect(Object.keys(measuredPaces).sort()).toEqual(Object.keys(adversaries).sort());
  });

  test('that nobody knows is an error', async () => {
    await expect(reachOf('nobody', 'day', 401)).rejects.toThrow('no adversary nobody');
  });
});
