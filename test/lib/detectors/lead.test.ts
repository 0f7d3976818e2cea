import { describe, expect, test } from '@jest/globals';
import type { ApiRequest } from '../../../lib/audit/request.ts';
import { addLead, followedSignal, leadsOf, leadTo, type Lead, type Leads } from '../../../lib/scoring/leads.ts';
import { newEpisode, noteSeverity, type Signal } from '../../../lib/scoring/episode.ts';
import { windowOf } from '../../../lib/time.ts';
import { alice, apiRequest, cart, monday } from '../requests.ts';
import { signal } from '../states.ts';
import { brokenBodies } from './verdicts.ts';

const day = 86_400_000;
const story = { identity: alice.id, slot: 1 };
const lead = (given: Partial<Lead> = {}): Lead => ({ kind: 'token', by: alice.id, story, time: monday, ...given });
const unusual = [signal({ decades: 2 })];
const recorded = () => { const episode = newEpisode(monday, windowOf(monday)); noteSeverity(episode, 'low', monday); return episode; };

/** What a request of somebody else leads to, and whether another request is it. */
function leadsTo(cause: Partial<ApiRequest>, effect: Partial<ApiRequest>, signals: readonly Signal[] = unusual, episode = recorded()): string | undefined {
  const leads: Leads = new Map();
  for (const { kind, target } of leadsOf(apiRequest({ identity: alice, address: '192.0.2.1', ...cause }), signals, episode)) addLead(leads, target, lead({ kind }));
  return leadTo(leads, apiRequest({ time: monday + 1000, username: cart.id, ...effect }))?.kind;
}

const binding = { verb: 'create', resource: 'rbac.authorization.k8s.io/clusterrolebindings', body: { subjects: [{ kind: 'ServiceAccount', namespace: 'shop', name: 'cart' }, { kind: 'User', name: 'eve' }, { kind: 'Group', name: 'all' }] } };
const mapping = { verb: 'update', resource: 'configmaps', namespace: 'kube-system', name: 'aws-auth', body: { data: { mapRoles: '- rolearn: arn:aws:iam::123456789012:role/path/Back-door\n  groups: [system:masters]' } } };

describe('lead', () => {
  test.each<[string, Partial<ApiRequest>, Partial<ApiRequest>]>([
    ['token', { verb: 'create', resource: 'serviceaccounts/token', namespace: 'shop', name: 'cart' }, {}],
    ['issued', { verb: 'create', resource: 'serviceaccounts/token', namespace: 'shop', name: 'cart', issuedCredential: 'JTI=one' }, { credential: 'JTI=one' }],
    ['token', { verb: 'create', resource: 'serviceaccounts/token', namespace: 'shop', name: 'cart', issuedCredential: 'JTI=one' }, { credential: 'JTI=two' }],
    ['creation', { verb: 'create', resource: 'serviceaccounts', namespace: 'shop', name: '', body: { metadata: { name: 'cart' } } }, {}],
    ['command', { verb: 'get', resource: 'pods/exec', namespace: 'shop', name: 'cart-0' }, { pod: 'shop/cart-0' }],
    ['rights', binding, {}],
    ['rights', binding, { username: 'eve' }],
    ['mapping', mapping, { awsRole: '123456789012/path/Back-door' }],
    ['workload', { verb: 'create', resource: 'pods', namespace: 'shop', body: { spec: { serviceAccountName: 'cart', containers: [] } } }, {}],
    ['workload', { verb: 'patch', resource: 'apps/deployments', namespace: 'shop', body: { spec: { template: { spec: { containers: [] } } } } }, { username: 'system:serviceaccount:shop:default' }],
    ['credential', { credential: 'ASIA1' }, { credential: 'ASIA1' }],
  ])('of the sort %s leads from %j to %j', (kind, cause, effect) => {
    expect(leadsTo(cause, effect)).toBe(kind);
  });

  test('leads from an address that is new to who comes from there', () => {
    expect(leadsTo({ address: '203.0.113.9' }, { address: '203.0.113.9' }, [signal({ detector: 'new-network', group: 'origin', decades: 2 })])).toBe('address');
    expect(leadsTo({ address: '203.0.113.9' }, { address: '203.0.113.9' })).toBeUndefined();
  });

  test.each<[string, Partial<ApiRequest>, Partial<ApiRequest>]>([
    ['somebody else', { verb: 'create', resource: 'serviceaccounts/token', namespace: 'shop', name: 'cart' }, { username: 'system:serviceaccount:shop:api' }],
    ['another pod', { verb: 'get', resource: 'pods/exec', namespace: 'shop', name: 'cart-0' }, { pod: 'shop/cart-1' }],
    ['members of a group', binding, { username: 'all' }],
    ['what came first', { verb: 'create', resource: 'serviceaccounts/token', namespace: 'shop', name: 'cart' }, { time: monday - 1 }],
    ['what comes a day later', { verb: 'create', resource: 'serviceaccounts/token', namespace: 'shop', name: 'cart' }, { time: monday + day + 1 }],
    ['oneself', { verb: 'create', resource: 'serviceaccounts/token', namespace: 'shop', name: 'cart' }, { identity: alice }],
    ['whose credential is not known', { credential: '' }, { credential: '' }],
    ['a request that was refused', { verb: 'create', resource: 'serviceaccounts/token', namespace: 'shop', name: 'cart', outcome: 'refused' }, {}],
  ])('does not lead to %s', (_, cause, effect) => {
    expect(leadsTo(cause, effect)).toBeUndefined();
  });

  test('is left by what is unusual alone, and by where it came from only once that is worth recording', () => {
    expect(leadsTo(binding, {}, [signal({ decades: 1.9 })])).toBeUndefined();
    expect(leadsTo({ credential: 'ASIA1' }, { credential: 'ASIA1' }, unusual, newEpisode(monday, windowOf(monday)))).toBeUndefined();
  });

  test.each(brokenBodies)('bears %s', (_, body) => {
    for (const cause of [binding, mapping]) expect(leadsTo({ ...cause, body }, {})).toBeUndefined();
  });

  test('adds to the score of who was there before, with how soon it was', () => {
    const since = (time: number, kind: Lead['kind'] = 'token') => followedSignal(lead({ kind }), { time: monday + 90_000, knownSince: windowOf(time) });
    expect(since(monday - 2 * day)).toMatchObject({ decades: 2, words: 'acted after alice@example.com had asked for a token of it', why: 'within 2 minutes' });
    expect([since(monday - day / 2), since(monday - 2 * day, 'creation')]).toEqual([undefined, undefined]);
    expect([since(monday, 'mapping')?.decades, since(monday, 'issued')?.decades]).toEqual([2, 3]);
  });

  test('is the first one for a day, and at most two hundred are kept, the latest', () => {
    const leads: Leads = new Map();
    expect([addLead(leads, 'x', lead()), addLead(leads, 'x', lead({ time: monday + day })), addLead(leads, 'x', lead({ time: monday + day + 1 }))]).toEqual([true, false, true]);
    for (let index = 0; index < 300; index++) addLead(leads, String(index), lead({ time: monday + 2 * day + index }));
    expect(leads.size).toBe(200);
    expect(leads.has('100') && !leads.has('99')).toBe(true);
  });
});
