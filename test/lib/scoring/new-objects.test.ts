import { describe, expect, test } from '@jest/globals';
import { networkOf } from '../../../lib/audit/network.ts';
import type { ApiRequest } from '../../../lib/audit/request.ts';
import type { Making, NewObject } from '../../../lib/scoring/leads.ts';
import { newObjectOf } from '../../../lib/scoring/new-objects.ts';
import { windowOf } from '../../../lib/time.ts';
import { alice, apiRequest, cart, monday } from '../requests.ts';
import { day, hour, liveThrough, requestAt, routine } from './lives.ts';

const days = 14;
const now = days * day;
const secret = (namespace: string): Partial<ApiRequest> => ({ verb: 'create', resource: 'secrets', namespace, name: 'key' });
const account = (namespace: string): Partial<ApiRequest> => ({ verb: 'create', resource: 'serviceaccounts', namespace, name: 'app' });
const workload = (namespace: string, image = 'nginx'): Partial<ApiRequest> => ({ verb: 'create', resource: 'apps/deployments', namespace, name: 'app', body: { spec: { template: { spec: { containers: [{ name: 'app', image }] } } } } });
const deletion = (name: string): Partial<ApiRequest> => ({ verb: 'delete', resource: 'namespaces', name });

/** A namespace that somebody made, so long after the lives begin. */
const made = (name: string, by: string, at: number) => ({
  makingOf: (object: NewObject, time: number): Making | undefined => (object.kind === 'namespace' && object.name === name && time > monday + at ? { by, time: monday + at } : undefined),
});
const actsOf = (requests: readonly ApiRequest[], surroundings: Parameters<typeof liveThrough>[1]): string[] =>
  liveThrough(requests, surroundings).signals.filter(({ group }) => group === 'act').map(({ detector }) => detector);
const life = (identity = alice): ApiRequest[] => routine({ until: now }, { identity });

describe('a namespace that has just come into being', () => {
  const filling = [secret('new'), account('new'), workload('new')].map((given, index) => requestAt(now + 1000 * (index + 1), { identity: alice, ...given }));

  test('is filled by who made it', () => {
    expect(actsOf([...life(), ...filling], made('new', alice.id, now)).sort()).toEqual(['new-image']);
    expect(actsOf([...life(), ...filling], made('new', 'somebody else', now)).sort()).toEqual(['new-image', 'secret-change', 'service-account-creation', 'workload-change']);
  });

  test('is not filled hours later', () => {
    const later = filling.map((request) => ({ ...request, time: request.time + 3 * hour }));
    expect(actsOf([...life(), ...later], made('new', alice.id, now))).toContain('service-account-creation');
  });

  test('excuses nothing that is hostile', () => {
    const miner = requestAt(now + 1000, { identity: alice, ...workload('new', 'docker.io/xmrig/xmrig:6') });
    expect(actsOf([...life(), miner], made('new', alice.id, now))).toContain('mining-workload');
  });

  test('gets secrets from the operators that give them to each, and workloads from those that make such elsewhere', () => {
    const ofOthers = made('new', 'somebody else', now);
    const operator = routine({ until: now });
    const given = (what: Partial<ApiRequest>, at: number): ApiRequest => requestAt(at, { identity: cart, ...what });
    expect(actsOf([...operator, given(secret('new'), now + 1000)], ofOthers)).toEqual([]);
    expect(actsOf([...operator, given(secret('old'), now + 1000)], ofOthers)).toContain('secret-change');
    const usual = [...operator, given(workload('old'), 2 * day)].sort((one, other) => one.time - other.time);
    expect(actsOf([...usual, given(workload('new'), now + 1000)], ofOthers)).not.toContain('workload-change');
    expect(actsOf([...operator, given(workload('new'), now + 1000)], ofOthers)).toContain('workload-change');
  });
});

describe('a namespace deleted', () => {
  test('by who has made another and runs workloads there was moved', () => {
    const moved = [...life(), requestAt(now + 1000, { identity: alice, ...workload('new') }), requestAt(now + hour, { identity: alice, ...deletion('old') })];
    expect(actsOf(moved, made('new', alice.id, now))).not.toContain('namespace-deletion');
    expect(actsOf(moved, {})).toContain('namespace-deletion');
  });

  test('by somebody of whom people were just told was not', () => {
    const miner = requestAt(now + 1000, { identity: alice, ...workload('new', 'docker.io/xmrig/xmrig:6') });
    expect(actsOf([...life(), miner, requestAt(now + hour, { identity: alice, ...deletion('old') })], made('new', alice.id, now))).toContain('namespace-deletion');
  });

  test('by who made it within the day was only tried out', () => {
    const ended = [...life(), requestAt(now + hour, { identity: alice, ...deletion('new') })];
    expect(actsOf(ended, made('new', alice.id, now))).toEqual([]);
    expect(actsOf(ended, made('new', 'somebody else', now))).toEqual(['namespace-deletion']);
  });
});

describe('a service account', () => {
  const creation = (at: number): ApiRequest => requestAt(at, { identity: alice, ...account('tools') });

  test('counts as installed when its maker has made some before', () => {
    const first = creation(0);
    const installer = liveThrough([first, creation(2 * day)]).state.baseline;
    const objectAt = (time: number): NewObject | undefined => newObjectOf(apiRequest({ ...account('tools'), time: monday + time }), installer, windowOf(monday + time));
    expect(objectAt(4 * day)).toEqual({ kind: 'installed', name: 'system:serviceaccount:tools:app' });
    expect(objectAt(day)).toBeUndefined();
    expect(newObjectOf(apiRequest({ ...account('tools'), query: new URLSearchParams('dryRun=All'), time: monday + 4 * day }), installer, windowOf(monday + 4 * day))).toBeUndefined();
    expect(newObjectOf({ ...first, outcome: 'refused' }, installer, windowOf(monday + 4 * day))).toBeUndefined();
  });

  const installed = { makingOf: ({ kind }: NewObject): Making | undefined => (kind === 'installed' ? { by: alice.id, time: monday - 1000 } : undefined) };
  const listing = (at: number, given: Partial<ApiRequest> = {}): ApiRequest => requestAt(at, { identity: cart, pod: 'shop/cart-1', verb: 'list', resource: 'secrets', namespace: '', name: '', ...given });
  const decadesOf = (requests: readonly ApiRequest[], surroundings: Parameters<typeof liveThrough>[1]): number => liveThrough(requests, surroundings).signals.find(({ detector }) => detector === 'secret-read')?.decades ?? 0;
  const start = requestAt(0, { identity: cart, pod: 'shop/cart-1' });

  test('that was installed may look at all that it works with', () => {
    const all = [start, listing(1000)];
    expect(decadesOf(all, installed)).toBeLessThan(decadesOf(all, {}) / 2);
  });

  test.each<readonly [string, Partial<ApiRequest>]>([
    ['from elsewhere', { address: '203.0.113.9', network: networkOf('203.0.113.9') }],
    ['without its pod', { pod: '' }],
    ['by reading one by one', { verb: 'get', namespace: 'shop', name: 'database' }],
  ])('is not excused %s', (_, given) => {
    const all = [start, listing(3 * hour, given)];
    expect(decadesOf(all, installed)).toBeCloseTo(decadesOf(all, {}), 5);
  });
});
