import { expect, test } from '@jest/globals';
import type { IdentityKind } from '../../../lib/identity.ts';
import { addActivity, newBaseline } from '../../../lib/baseline/baseline.ts';
import { companyWords, firstTime, historyWords } from '../../../lib/scoring/history-words.ts';
import type { Companions } from '../../../lib/scoring/surprise.ts';
import { windowsPerDay } from '../../../lib/time.ts';

/** Somebody who was there in so many windows of the first hours. */
function seenIn(windows: number) {
  const baseline = newBaseline({ id: 'x', kind: 'person', peerGroup: 'x' }, 0);
  for (let window = 1; window < windows; window++) addActivity(baseline, window);
  return baseline;
}

test.each([
  [0.5, 2, 'less than a day and less than an active hour'],
  [1.5, 8, '1 day and about 1 active hour'],
  [9, 12, '9 days and about 2 active hours'],
])('after %d days with %d active windows the history is %s', (days, windows, words) => {
  expect(historyWords(seenIn(windows), days * windowsPerDay)).toBe(words);
  expect(firstTime(seenIn(windows), days * windowsPerDay)).toBe(`first time in ${words}`);
});

test('active hours are told to two digits', () => {
  expect(historyWords(seenIn(60 * windowsPerDay), 60 * windowsPerDay)).toMatch(/^60 days and about 1,\d00 active hours$/);
});

test('who was never seen has no history', () => {
  expect(firstTime(seenIn(1), 1)).toBe('never seen before');
});

const level = (members: number, doing: number): Companions => ({ members, doing, values: 0, votes: 0 });

test.each<[IdentityKind, Companions[], boolean, string]>([
  ['person', [level(5, 2), level(30, 3), level(90, 0)], false, '2 of 5 with the same role are known for it'],
  ['person', [level(5, 0), level(30, 1), level(90, 0)], false, '1 of 30 other people is known for it'],
  ['person', [level(5, 0), level(30, 0), level(90, 0)], false, 'none of 30 other people is known for it'],
  ['service-account', [level(0, 0), level(1200, 0), level(1300, 4)], true, '4 others in the cluster are known for it'],
  ['service-account', [level(0, 0), level(1200, 0), level(1300, 0)], true, 'nobody else in the cluster is known for it'],
  ['service-account', [level(3, 1), level(1200, 1), level(1300, 0)], false, '1 of 3 of the same name is known for it'],
  ['role', [level(4, 0), level(90, 0)], false, 'none of 4 other pipelines is known for it'],
  ['role', [level(0, 0), level(0, 0)], false, ''],
  ['person', [], false, ''],
  ['anonymous', [level(9, 0), level(90, 0)], true, ''],
])('of a %s, companions %j (of the cluster: %s) say: %4$s', (kind, levels, ofCluster, words) => {
  expect(companyWords(levels, { kind }, ofCluster)).toBe(words);
});
