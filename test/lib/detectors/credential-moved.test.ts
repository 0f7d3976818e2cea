import { describe, expect, test } from '@jest/globals';
import { newBaseline, noteCredential } from '../../../lib/baseline/baseline.ts';
import { credentialMoved } from '../../../lib/detectors/credential-moved.ts';

const use = (network: string, last: number, credential = 1) => ({ credential, network, last });

describe('credential-moved', () => {
  test('tells the first network of a credential that came from another', () => {
    const baseline = newBaseline('service-account', 'x', 0);
    expect(noteCredential(baseline, use('10.0.0.0/16', 1))).toEqual({ from: undefined, changed: true });
    expect(noteCredential(baseline, use('203.0.113.0/24', 2))).toEqual({ from: '10.0.0.0/16', changed: true });
    expect(noteCredential(baseline, use('203.0.113.0/24', 2))).toEqual({ from: '10.0.0.0/16', changed: false });
  });

  test('leaves a credential that stays, and two credentials in two places', () => {
    const baseline = newBaseline('service-account', 'x', 0);
    noteCredential(baseline, use('10.0.0.0/16', 1));
    expect(noteCredential(baseline, use('10.0.0.0/16', 2)).from).toBeUndefined();
    expect(noteCredential(baseline, use('203.0.113.0/24', 2, 2)).from).toBeUndefined();
  });

  test('remembers a few credentials, the latest used', () => {
    const baseline = newBaseline('service-account', 'x', 0);
    for (let credential = 1; credential <= 100; credential++) noteCredential(baseline, use('10.0.0.0/16', credential, credential));
    expect(baseline.credentials.map(({ credential }) => credential)).toEqual([95, 96, 97, 98, 99, 100]);
  });

  test('takes a person\'s credential that moves as more likely than a pod\'s', () => {
    expect(credentialMoved.priorFor('person')).toBeGreaterThan(credentialMoved.priorFor('service-account'));
    expect(credentialMoved.words('10.0.0.0/16')).toContain('10.0.0.0/16');
  });
});
