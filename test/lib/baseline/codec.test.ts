import { readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addTrait, newBaseline, traitKey } from '../../../lib/baseline/baseline.ts';
import { decodeGroup, decodeIdentity, encodeGroup, encodeIdentity, maxItemBytes, UnreadableStateError, type IdentityState } from '../../../lib/baseline/codec.ts';
import { countBefore } from '../../../lib/baseline/window-sample.ts';
import { addVote, newGroup, type Group } from '../../../lib/baseline/group.ts';
import { anyState, episodeOf, evidence, noise, seeded, signal } from '../states.ts';

/** Items as the first release wrote them. */
const layoutOne = JSON.parse(readFileSync('test/lib/baseline/layout-1.json', 'utf8')) as { identity: string; group: string };

const again = (state: IdentityState) => decodeIdentity(encodeIdentity(state));
const stateOf = (baseline = newBaseline({ id: 'x', kind: 'person', peerGroup: 'x' }, 100), episode: IdentityState['episode'] = undefined): IdentityState => ({ baseline, episode });
const item = (json: string, layout = 1) => Buffer.concat([Buffer.from([layout]), deflateRawSync(json)]);
const bytesOf = (base64: string) => Buffer.from(base64, 'base64');

describe('gives back', () => {
  test('any identity as it was', () => {
    fc.assert(fc.property(anyState, (state) => { expect(again(structuredClone(state))).toEqual(state); }));
  });

  test('any group as it was', () => {
    const trait = fc.record({ feature: fc.string({ unit: 'binary' }), voters: fc.array(fc.record({ member: fc.nat(), window: fc.nat() }), { maxLength: 8 }) });
    const entries = <Value>(value: fc.Arbitrary<Value>) => fc.array(fc.tuple(fc.maxSafeNat(), value)).map((pairs) => new Map(pairs));
    const anyGroup: fc.Arbitrary<Group> = fc.record({ members: entries(fc.nat()), traits: entries(trait) });
    fc.assert(fc.property(anyGroup, (group) => { expect(decodeGroup(encodeGroup(group))).toEqual(group); }));
  });

  test('zero for a negative zero', () => {
    const baseline = { ...newBaseline({ id: 'x', kind: 'person', peerGroup: 'x' }, 100), windows: -0 };
    expect(again(stateOf(baseline)).baseline.windows).toBe(0);
  });

  test('the same bytes for the same state', () => {
    fc.assert(fc.property(anyState, (state) => { expect(encodeIdentity(again(structuredClone(state)))).toEqual(encodeIdentity(state)); }), { numRuns: 30 });
  });
});

describe('keeps an item within its bound', () => {
  const random = seeded(1);
  const full = newBaseline({ id: 'x', kind: 'role', peerGroup: noise(random, 500) }, 0);
  for (let index = 0; index < 10_000; index++) addTrait(full, traitKey(['exec', 'habit', 'secret-read', 'new-image', 'impersonation'][index % 5] ?? '', noise(random, 200)), index);
  const pieces = Array.from({ length: 200 }, (_, index) => evidence({ auditId: noise(random, 128), request: noise(random, 160), time: new Date(index).toISOString() }));
  const signals = (length: number) => Array.from({ length: 40 }, (_, index) => signal({ key: `exec|${noise(random, 90)}${String(index)}`, words: noise(random, length), why: noise(random, 100) }));
  const opened = { ...newBaseline({ id: 'x', kind: 'role', peerGroup: 'x' }, 0), open: Array.from({ length: 2000 }, (_, window) => ({ window, sketches: { requests: Array.from({ length: 64 }, () => Math.floor(random() * 2 ** 32)) } })) };

  test.each<[string, IdentityState]>([
    ['names', stateOf(full)],
    ['names and evidence', stateOf(full, episodeOf(signals(400), pieces))],
    ['names of a megabyte in signals', stateOf(newBaseline({ id: 'x', kind: 'role', peerGroup: 'x' }, 0), episodeOf(signals(100_000), pieces.slice(0, 1)))],
    ['windows, as a log read backwards opens', stateOf(opened)],
  ])('of an identity that fills it with %s', (_, state) => {
    const bytes = encodeIdentity(state);
    expect(bytes.length).toBeLessThanOrEqual(maxItemBytes);
    expect(decodeIdentity(bytes)).toEqual(state);
  });

  test('and keeps the latest and at least one piece of evidence', () => {
    const state = stateOf(structuredClone(full), episodeOf(signals(400), [...pieces]));
    const latest = Math.max(...[...state.baseline.traits.values()].map(({ last }) => last));
    const { baseline, episode } = decodeIdentity(encodeIdentity(state));
    expect([...baseline.traits.values()].map(({ last }) => last)).toContain(latest);
    expect(episode?.evidence.length).toBeGreaterThanOrEqual(1);
  });

  test('of a group in a table, however much its members do', () => {
    const group = newGroup();
    for (let index = 0; index < 1500 * 8; index++) {
      const [trait, member] = [index % 1500, (index * 7 + Math.floor(index / 1500) * 31) % 200];
      addVote(group, { identity: `member-${String(member)}`, window: 2_900_000 + ((index * 131) % 9000), traits: [`secret-read|${String(trait)}`] });
    }
    expect(group.members.size).toBe(200);
    expect(group.traits.size).toBeLessThanOrEqual(800);
    expect(encodeGroup(group).length).toBeLessThan(maxItemBytes);
  });
});

describe('refuses', () => {
  test.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['a layout it does not know', item('{}', 2)],
    ['bytes that are not deflated', Buffer.from([1, 2, 3, 4])],
    ['an item that was cut off', Buffer.from(encodeIdentity(stateOf())).subarray(0, -5)],
    ['another text', item('hello')],
    ['null', item('null')],
    ['a number', item('5')],
    ['an empty object', item('{}')],
    ['an identity without traits', item('{"baseline":{},"episode":null}')],
  ])('%s by an error that says what to do', (_, bytes) => {
    expect(() => decodeIdentity(bytes)).toThrow(UnreadableStateError);
    expect(() => decodeIdentity(bytes)).toThrow(/restore the table/);
  });

  test('bytes that are no group', () => {
    for (const bytes of [new Uint8Array(), item('{}', 2), Buffer.from([1, 2, 3, 4]), item('null'), item('{"members":5}')]) expect(() => decodeGroup(bytes)).toThrow(UnreadableStateError);
  });

  test('damaged bytes by no other error', () => {
    const whole = encodeIdentity(decodeIdentity(bytesOf(layoutOne.identity)));
    fc.assert(fc.property(fc.nat(whole.length - 1), fc.nat(255), (index, value) => {
      try {
        decodeIdentity(whole.with(index, value));
      } catch (error) {
        expect(error).toBeInstanceOf(UnreadableStateError);
      }
    }), { numRuns: 500 });
  });
});

describe('still reads layout 1', () => {
  test('of an identity', () => {
    const { baseline, episode } = decodeIdentity(bytesOf(layoutOne.identity));
    expect(baseline).toMatchObject({ kind: 'person', folded: 2_951_019, active: { first: 2_951_000 } });
    expect(countBefore(baseline.active, Infinity)).toBe(24);
    expect(baseline.traits.get('exec|shop')).toEqual({ first: 2_951_000, last: 2_951_010, shared: 2_951_000 });
    expect(baseline.traits.get('secret-read|all of every namespace')).toMatchObject({ quarantined: 2_951_023 });
    expect(episode).toMatchObject({ total: 2, signals: new Map([['secret-read|all of every namespace', { decades: 5.5 }]]), reached: { medium: 1_770_614_400_000 } });
  });

  test('of a group', () => {
    const { members, traits } = decodeGroup(bytesOf(layoutOne.group));
    expect(members.size).toBe(3);
    expect([...traits.values()].map(({ feature, voters }) => [feature, voters.length])).toEqual([['exec', 3], ['secret-read', 1]]);
  });
});
