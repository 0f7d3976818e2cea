import { describe, expect, test } from '@jest/globals';
import { waking } from '../../../lib/detectors/waking.ts';
import { day, hour, liveThrough, requestAt, routine } from '../scoring/lives.ts';
import { alice } from '../requests.ts';

const secret = (time: number) => requestAt(time, { verb: 'list', resource: 'secrets', namespace: 'payments', name: '' });
const found = (requests: Parameters<typeof liveThrough>[0]) => liveThrough(requests).signals.find(({ detector }) => detector === waking.id);
const calm = routine({ until: 8 * day });

describe('waking', () => {
  test('adds to what an identity does that was not seen for weeks', () => {
    expect(found([...calm, secret(30 * day)])).toMatchObject({ words: 'was active for the first time in at least 21 days', decades: 1.5 });
  });

  test('adds as well when its first request was harmless, for a day', () => {
    expect(found([...calm, requestAt(30 * day), secret(30 * day + 23 * hour)])?.decades).toBe(1.5);
    expect(found([...calm, requestAt(30 * day), secret(32 * day)])).toBeUndefined();
  });

  test('says nothing of harmless requests', () => {
    expect(found([...calm, requestAt(30 * day)])).toBeUndefined();
  });

  test('leaves a shorter absence', () => {
    expect(found([...calm, secret(21 * day)])).toBeUndefined();
  });

  test('leaves one that sleeps again and again', () => {
    expect(found([...calm, requestAt(25 * day), secret(50 * day)])).toBeUndefined();
  });

  test('weighs less for a person, who may have been on holiday', () => {
    expect(found([...calm, secret(30 * day)].map((request) => ({ ...request, identity: alice })))?.decades).toBe(0.5);
  });
});
