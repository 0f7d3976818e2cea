import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { foldReasons, foldSignals, inOrderOfTelling, sentenceOf, tellerName, timeWords } from '../../lib/telling.ts';
import type { Signal } from '../../lib/scoring/episode.ts';
import { anySignal, signal } from './states.ts';

const read = (what: string, given: Partial<Signal> = {}) => signal({ key: `secret-read|${what}`, detector: 'secret-read', words: `read the secret ${what}`, ...given });
const wordsOf = (signals: readonly Signal[]) => foldSignals(signals).map(({ words }) => words);

describe('folding', () => {
  test('says of several what differs, and how many more there are', () => {
    expect(wordsOf([read('a of shop'), read('b of shop')])).toEqual(['read the secrets a and b of shop']);
    expect(wordsOf(['a', 'b', 'c', 'd', 'e'].map((name) => read(`${name} of shop`)))).toEqual(['read the secrets a, b, c and 2 more of shop']);
    expect(wordsOf([read('a of shop'), read('b of data')])).toEqual(['read the secrets a of shop and b of data']);
  });

  test('says equal things once', () => {
    expect(wordsOf([read('a of shop'), read('a of shop', { key: 'other' })])).toEqual(['read the secret a of shop']);
  });

  test.each<[string, Signal, Signal]>([
    ['by different detectors', read('a'), read('b', { detector: 'exec' })],
    ['by different identities', read('a'), read('b', { by: 'anna' })],
    ['that begin differently', read('a'), read('b', { words: 'listed all secrets of b' })],
    ['that differ in more than a name', read('a, which is one of those that matter'), read('b')],
    ['of which one says nothing more', read('a of shop'), read('', { words: 'read the secret a of shop today' })],
  ])('leaves apart what was done %s', (_name, one, other) => {
    expect(foldSignals([one, other])).toHaveLength(2);
  });

  test('takes ordinary things together by their verb', () => {
    const habit = (words: string) => signal({ key: words, detector: 'habit', group: 'habit', words });
    expect(wordsOf([habit('listed jobs in shop'), habit('listed nodes'), habit('read nodes/one')])).toEqual(['listed jobs in shop and nodes', 'read nodes/one']);
  });

  test('of reasons keeps apart what is unusual for other reasons, though not for other numbers', () => {
    const why = (text: string, name: string) => read(name, { why: text });
    const told = foldReasons([why('first time in 9 days and 1,146 requests', 'a'), why('first time in 9 days and 1,127 requests', 'b'), why('usual for it', 'c')]);
    expect(told.map(({ words, why: reason }) => `${words}: ${reason}`)).toEqual(['read the secrets a and b: first time in 9 days and 1,146 requests', 'read the secret c: usual for it']);
  });

  test('loses no signal, whatever they say', () => {
    fc.assert(fc.property(fc.array(anySignal, { maxLength: 40 }), (signals) => {
      const told = foldSignals(signals).flatMap((one) => one.signals);
      expect(told).toHaveLength(signals.length);
      expect(new Set(told)).toEqual(new Set(signals));
    }));
  });
});

test('what was done is told before where it came from and at what hour', () => {
  const groups = (['time', 'habit', 'origin', 'lead', 'breadth', 'act'] as const).map((group) => ({ group }));
  expect(inOrderOfTelling(groups).map(({ group }) => group)).toEqual(['breadth', 'act', 'lead', 'origin', 'habit', 'time']);
});

test('a sentence names who did it, and again when another did', () => {
  const told = foldSignals([read('a'), signal({ words: 'ran a command' }), read('b', { by: 'system:serviceaccount:shop:cart' }), signal({ key: 'x', words: 'made a pod' })]);
  expect(sentenceOf(told, 'arn:aws:sts::1:assumed-role/x/anna')).toBe('anna read the secret a; ran a command; service account shop/cart read the secret b; anna made a pod');
});

test.each([['arn:aws:sts::1:assumed-role/x/anna', 'anna'], ['system:serviceaccount:shop:cart', 'Service account shop/cart'], ['failed authentication from 203.0.113.9', 'A caller from 203.0.113.9'], ['system:anonymous', 'An anonymous caller']])('%s begins a sentence as %s', (identity, name) => {
  expect(tellerName(identity)).toBe(name);
});

test.each([
  ['2026-03-01T09:00:10Z', '2026-03-01T09:00:50Z', 'On 2026-03-01 at 09:00 UTC'],
  ['2026-03-01T09:00:10Z', '2026-03-01T09:07:50Z', 'On 2026-03-01 between 09:00 and 09:07 UTC'],
  ['2026-03-01T23:59:10Z', '2026-03-02T00:07:50Z', 'Between 2026-03-01 23:59 and 2026-03-02 00:07 UTC'],
])('from %s to %s is: %s', (first, last, words) => {
  expect(timeWords(Date.parse(first), Date.parse(last))).toBe(words);
});
