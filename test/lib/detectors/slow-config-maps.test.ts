import { describe, expect, test } from '@jest/globals';
import { slowConfigMaps } from '../../../lib/detectors/slow-config-maps.ts';
import { day, hour, liveThrough, requestAt, routine } from '../scoring/lives.ts';
import { brokenBodies } from './verdicts.ts';

const calm = routine({ until: 8 * day });
const configMaps = ['database', 'mail', 'payment', 'queue', 'search', 'session', 'storage', 'webhook'];
const reads = (count: number, every: number, from = 8 * day) => configMaps.slice(0, count).map((name, index) => requestAt(from + index * every, { verb: 'get', resource: 'configmaps', namespace: 'shop', name }));
const found = (requests: Parameters<typeof liveThrough>[0]) => liveThrough(requests).signals.find(({ detector }) => detector === slowConfigMaps.id);

describe('slow-config-maps', () => {
  test('reports many new config maps within a day, though never two in one window', () => {
    expect(found([...calm, ...reads(8, 2 * hour)])).toMatchObject({ count: 8, words: 'read within a day 8 config maps, or all of a namespace, that it never read before' });
  });

  test('leaves a few new ones', () => {
    expect(found([...calm, ...reads(5, hour)])).toBeUndefined();
  });

  test('leaves config maps that it always reads', () => {
    const usual = Array.from({ length: 8 }, (_, index) => reads(8, hour, index * day)).flat();
    expect(found([...usual, ...reads(8, hour, 9 * day)])).toBeUndefined();
  });

  test('counts a namespace of which all are listed as one', () => {
    const lists = configMaps.map((namespace, index) => requestAt(8 * day + index * hour, { verb: 'list', resource: 'configmaps', namespace, name: '' }));
    expect(found([...calm, ...lists])?.count).toBe(8);
  });

  test('leaves a controller that watches them', () => {
    expect(found([...calm, ...reads(8, 2 * hour).map((request) => ({ ...request, verb: 'watch' }))])).toBeUndefined();
  });

  test('leaves a person in his first days, whose everything is new', () => {
    const person = { kind: 'person', id: 'bob', name: 'bob', peerGroup: 'people' } as const;
    expect(found([...routine({ until: 2 * day }), ...reads(8, hour, 2 * day)].map((request) => ({ ...request, identity: person })))).toBeUndefined();
  });

  test('reports a new workload that reads one after the other', () => {
    expect(found(reads(8, hour, 0))?.count).toBe(8);
    expect(found(reads(8, 1000, 0))).toBeUndefined();
  });

  test.each(brokenBodies)('bears %s', (_, body) => {
    expect(found([...calm, ...reads(8, 2 * hour).map((request) => ({ ...request, body }))])?.count).toBe(8);
  });
});
