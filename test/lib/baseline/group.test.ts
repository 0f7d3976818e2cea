import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addVote, companionsOf, groupSince, newGroup, type Group, type Vote } from '../../../lib/baseline/group.ts';

function groupOf(votes: readonly Vote[]): Group {
  const group = newGroup();
  for (const vote of votes) addVote(group, vote);
  return group;
}

const vote = (identity: string, window = 1, ...traits: string[]): Vote => ({ identity, window, traits });
const voters = (count: number, trait = 'exec|shop') => Array.from({ length: count }, (_, index) => vote(`member-${String(index)}`, 1, trait));
const ask = (group: Group, identity = 'somebody', trait = 'exec|shop', window = 10) => companionsOf(group, { trait, identity, window });

const anyVote: fc.Arbitrary<Vote> = fc.record({
  identity: fc.nat(15).map((index) => `member-${String(index)}`),
  window: fc.nat(8),
  traits: fc.array(fc.constantFrom('exec|shop', 'exec|pay', 'secret-read|shop/a', 'exec|__proto__'), { maxLength: 3 }),
});

describe('votes are a union', () => {
  test('whatever their order, and however often they are told', () => {
    fc.assert(fc.property(fc.array(anyVote, { maxLength: 40 }), fc.nat(10), fc.nat(16), (votes, window, member) => {
      const [one, other] = [groupOf(votes), groupOf([...votes.toReversed(), ...votes])];
      for (const trait of ['exec|shop', 'exec|pay', 'none|x']) expect(ask(other, `member-${String(member)}`, trait, window)).toEqual(ask(one, `member-${String(member)}`, trait, window));
      expect(groupSince(other)).toBe(groupSince(one));
    }));
  });

  test('of which a repeated one changes nothing', () => {
    fc.assert(fc.property(fc.array(anyVote, { maxLength: 20 }), anyVote, (votes, again) => {
      expect(addVote(groupOf([...votes, again]), again)).toBe(false);
    }));
  });

  test('of which one identity has one, however often it does something', () => {
    const group = groupOf([1, 2, 3, 4].map((window) => vote('one', window, 'exec|shop')));
    expect(ask(group)).toEqual({ members: 1, doing: 1, values: 1, votes: 1 });
  });

  test('that stay the same beyond the number of members that is kept', () => {
    const votes = Array.from({ length: 260 }, (_, index) => vote(`member-${String(index)}`, index % 40, 'exec|shop'));
    expect(ask(groupOf(votes.toReversed()), 'x', 'exec|shop', 20)).toEqual(ask(groupOf(votes), 'x', 'exec|shop', 20));
  });
});

describe('tells of companions', () => {
  test('without the one that asks', () => {
    const group = groupOf([vote('one', 1, 'exec|shop'), vote('two', 1, 'exec|shop', 'exec|pay'), vote('three')]);
    expect(ask(group, 'one')).toEqual({ members: 2, doing: 1, values: 2, votes: 2 });
    expect(ask(group, 'three')).toEqual({ members: 2, doing: 2, values: 2, votes: 3 });
  });

  test('only what was told in the past', () => {
    const group = groupOf([vote('one', 8, 'exec|shop'), vote('two', 9, 'exec|shop')]);
    expect([9, 10, 11].map((window) => ask(group, 'x', 'exec|shop', window).doing)).toEqual([0, 1, 2]);
  });

  test('nothing of a group that is empty', () => {
    expect(ask(newGroup())).toEqual({ members: 0, doing: 0, values: 0, votes: 0 });
    expect(groupSince(newGroup())).toBeUndefined();
  });

  test.each([[1, 1], [6, 6], [7, 7], [8, 50], [9, 50], [50, 50]])('%d of 50 that do something as %d', (count, doing) => {
    const others = Array.from({ length: 50 - count }, (_, index) => vote(`other-${String(index)}`));
    expect(ask(groupOf([...voters(count), ...others]))).toMatchObject({ members: 50, doing });
  });

  test('all others when the asking one is among as many as are kept', () => {
    expect(ask(groupOf([...voters(8), ...Array.from({ length: 42 }, (_, index) => vote(`other-${String(index)}`))]), 'member-0')).toMatchObject({ members: 49, doing: 49 });
  });
});

test('keeps bounded numbers of members, traits and voters', () => {
  const group = newGroup();
  for (let index = 0; index < 3000; index++) addVote(group, vote(`member-${String(index)}`, index, 'exec|shop', `exec|${String(index)}`));
  expect([group.members.size <= 200, group.traits.size <= 1500]).toEqual([true, true]);
  expect(Math.max(...[...group.traits.values()].map(({ voters: kept }) => kept.length))).toBe(8);
});
