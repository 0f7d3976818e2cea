import { describe, expect, test } from '@jest/globals';
import { newBaseline, noteCredential } from '../../../lib/baseline/baseline.ts';
import { networkOf } from '../../../lib/audit/network.ts';
import { credentialMoved } from '../../../lib/detectors/credential-moved.ts';
import { apiRequest, cart } from '../requests.ts';
import { windowsPerDay } from '../../../lib/time.ts';
import { day, liveThrough, requestAt, routine } from '../scoring/lives.ts';

const use = (network: string, window: number, credential = 1) => ({ credential, network, window });

describe('credential-moved', () => {
  test('tells the first network of a credential that came from another', () => {
    const baseline = newBaseline({ id: 'x', kind: 'service-account', peerGroup: 'x' }, 0);
    expect(noteCredential(baseline, use('10.0.0.0/16', 1))).toEqual({ from: undefined, changed: true });
    expect(noteCredential(baseline, use('203.0.113.0/24', 2))).toEqual({ from: '10.0.0.0/16', changed: false });
    expect(noteCredential(baseline, use('203.0.113.0/24', 20 * windowsPerDay))).toEqual({ from: '10.0.0.0/16', changed: true });
  });

  test('leaves a credential that stays, and two credentials in two places', () => {
    const baseline = newBaseline({ id: 'x', kind: 'service-account', peerGroup: 'x' }, 0);
    noteCredential(baseline, use('10.0.0.0/16', 1));
    expect(noteCredential(baseline, use('10.0.0.0/16', 2)).from).toBeUndefined();
    expect(noteCredential(baseline, use('203.0.113.0/24', 2, 2)).from).toBeUndefined();
  });

  test('remembers a few credentials: those of these days stay, older ones give way', () => {
    const baseline = newBaseline({ id: 'x', kind: 'service-account', peerGroup: 'x' }, 0);
    const known = () => baseline.credentials.map(({ credential }) => credential).sort((one, other) => one - other);
    for (let credential = 1; credential <= 20; credential++) noteCredential(baseline, use('10.0.0.0/16', 1, credential));
    expect(known()).toEqual(Array.from({ length: 16 }, (_, index) => 1 + index));
    expect(noteCredential(baseline, use('10.0.0.0/16', 2, 30))).toEqual({ from: undefined, changed: false });
    for (let credential = 101; credential <= 104; credential++) noteCredential(baseline, use('10.0.0.0/16', 30 * windowsPerDay, credential));
    expect(known()).toEqual([...Array.from({ length: 12 }, (_, index) => 5 + index), 101, 102, 103, 104]);
  });

  test('is noted once for each credential that stays where it is, for days', () => {
    const baseline = newBaseline({ id: 'x', kind: 'service-account', peerGroup: 'x' }, 0);
    const changes = Array.from({ length: 5 * windowsPerDay }, (_, window) => noteCredential(baseline, use('10.0.0.0/16', window)).changed).filter(Boolean);
    expect(changes.length).toBeLessThanOrEqual(2);
  });

  test('takes a person\'s credential that moves as more likely than a pod\'s', () => {
    expect(credentialMoved.priorFor('person')).toBeGreaterThan(credentialMoved.priorFor('service-account'));
  });

  test('says which credential came from where, and where it was first used', () => {
    const used = apiRequest({ address: '203.0.113.9', network: networkOf('203.0.113.9') });
    expect(credentialMoved.words(used, '10.0.0.0/16')).toBe('used a credential from 203.0.113.9, which was first used from the network 10.0.0.0/16');
    expect(credentialMoved.words({ ...used, pod: 'shop/cart-0', podUid: 'x' }, '10.0.0.7')).toBe('used the token of pod shop/cart-0 from 203.0.113.9, which was first used from 10.0.0.7');
    expect(credentialMoved.words({ ...used, address: '' }, '10.0.0.7')).toContain('from 203.0.113.0/24');
  });

  describe('says that the token of a pod', () => {
    const pod = (address: string, credential: string) => ({ identity: cart, podUid: 'b7f0a9c2', address, network: networkOf(address), credential });
    const movedTo = (address: string, ...before: readonly string[]) =>
      liveThrough([...(before.length > 0 ? before : ['10.0.0.7']).flatMap((one, index) => routine({ from: index * day, until: (index + 1) * day }, pod(one, 'JTI=one'))), requestAt(3 * day, { ...pod(address, 'JTI=two'), verb: 'create', resource: 'authorization.k8s.io/selfsubjectrulesreviews' })]).signals.filter(({ detector }) => detector === credentialMoved.id).map(({ words }) => words);

    test('came from the address of another', () => { expect(movedTo('10.0.0.8')).toEqual(['used a pod\'s token from 10.0.0.8, which was first used from 10.0.0.7']); });
    test('came from outside', () => { expect(movedTo('203.0.113.9')).toEqual(['used a pod\'s token from 203.0.113.9, which was first used from 10.0.0.7']); });
    test('but not when it stays, nor by its address of the other family', () => {
      expect(movedTo('10.0.0.7')).toEqual([]);
      expect(movedTo('fd00::7', '10.0.0.7', 'fd00::7')).toEqual([]);
    });
    test('but not when it leaves the cluster by another of its known ways', () => { expect(movedTo('203.0.113.9', '203.0.113.200')).toEqual([]); });
  });
});
