import { describe, expect, test } from '@jest/globals';
import { slowDiscovery } from '../../../lib/detectors/slow-discovery.ts';
import { windowOf } from '../../../lib/time.ts';
import { monday } from '../requests.ts';
import { day, hour, liveThrough, requestAt, routine } from '../scoring/lives.ts';
import { brokenBodies } from './verdicts.ts';

const calm = routine({ until: 8 * day });
const sorts = ['pods', 'services', 'endpoints', 'nodes', 'namespaces', 'apps/deployments', 'batch/jobs', 'apps/statefulsets'];
const looks = (count: number, every: number) => sorts.slice(0, count).map((resource, index) => requestAt(8 * day + index * every, { verb: 'list', resource, namespace: 'shop' }));
const found = (requests: Parameters<typeof liveThrough>[0]) => liveThrough(requests).signals.find(({ detector }) => detector === slowDiscovery.id);

describe('slow-discovery', () => {
  test('reports many new sorts of things within a day, though never two in one window', () => {
    expect(found([...calm, ...looks(8, 2 * hour)])).toMatchObject({ count: 8, words: 'looked within a day at 8 sorts of things that it never looked at before' });
  });

  test('counts what was refused', () => {
    expect(found([...calm, ...looks(8, 2 * hour).map((request) => ({ ...request, outcome: 'refused' as const, code: 403 }))])?.count).toBe(8);
  });

  test('leaves a few new sorts', () => {
    expect(found([...calm, ...looks(5, hour)])).toBeUndefined();
  });

  test('leaves as many over a week', () => {
    expect(found([...calm, ...looks(8, day)])).toBeUndefined();
  });

  test('leaves a person in his first days, whose everything is new', () => {
    const person = { kind: 'person', id: 'bob', name: 'bob', peerGroup: 'people' } as const;
    expect(found([...routine({ until: 2 * day }, { identity: person }), ...looks(8, hour).map((request) => ({ ...request, identity: person, time: request.time - 6 * day }))])).toBeUndefined();
  });

  const newcomer = { namespace: 'shop', verb: 'list', identity: { kind: 'service-account', id: 'system:serviceaccount:shop:new', name: 'shop/new', peerGroup: 'workload' } } as const;

  test('reports a new workload that finds out, one after the other, what there is', () => {
    expect(found(sorts.map((resource, index) => requestAt(index * hour, { ...newcomer, resource })))).toMatchObject({ count: 8, why: 'one after the other, in 8 spells of ten minutes; a new workload knows what it needs as it starts' });
  });

  test('leaves a new workload that looks at as many as it starts', () => {
    expect(found(sorts.map((resource, index) => requestAt(index * 1000, { ...newcomer, resource })))).toBeUndefined();
  });

  test('leaves a new workload in a cluster that is new itself', () => {
    const looking = sorts.map((resource, index) => requestAt(index * hour, { ...newcomer, resource }));
    expect(liveThrough(looking, { clusterSince: () => windowOf(monday) }).signals.filter(({ detector }) => detector === slowDiscovery.id)).toEqual([]);
  });

  test('leaves one that always looks at new things', () => {
    const curious = sorts.concat(sorts.map((sort) => `example.com/${sort}`)).map((resource, index) => requestAt(index * 8 * hour, { verb: 'list', resource, namespace: 'shop' }));
    expect(found([...curious, ...looks(8, hour).map((request) => ({ ...request, resource: `other.example/${request.resource}` }))])?.decades ?? 0).toBeLessThan(2);
  });

  test.each(brokenBodies)('bears %s', (_, body) => {
    expect(found([...calm, ...looks(8, hour).map((request) => ({ ...request, body }))])?.count).toBe(8);
  });
});
