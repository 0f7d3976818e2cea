import { expect, test } from '@jest/globals';
import type { ApiRequest } from '../../../lib/audit/request.ts';
import { secretRead } from '../../../lib/detectors/secret-read.ts';
import { alice, apiRequest } from '../requests.ts';
import { testActs } from './verdicts.ts';

const read = { verb: 'get', resource: 'secrets', namespace: 'shop', name: 'database' } as const;

testActs(secretRead, {
  hits: [
    ['one secret', read, ['shop/database']],
    ['the releases of Helm as one secret', { ...read, name: 'sh.helm.release.v1.cart.v12' }, ['shop/sh.helm.release.v1.cart.v*']],
    ['all of a namespace', { ...read, verb: 'list', name: '' }, ['all of shop']],
    ['all of the cluster', { ...read, verb: 'watch', namespace: '', name: '' }, ['all of every namespace']],
    ['one secret watched by its name', { ...read, verb: 'watch' }, ['shop/database']],
    ['a workload that is refused', { ...read, outcome: 'refused', code: 403 }, ['refused']],
    ['a workload that is refused all secrets', { ...read, verb: 'list', namespace: '', name: '', outcome: 'refused', code: 403 }, ['great: refused']],
  ],
  misses: [
    ['a person who is refused', { ...read, identity: alice, outcome: 'refused', code: 403 }],
    ['a secret that is not there', { ...read, outcome: 'missing', code: 404 }],
    ['a secret written', { ...read, verb: 'update' }],
    ['a config map', { ...read, resource: 'configmaps' }],
    ['a kind of the same name', { ...read, resource: 'example.com/secrets' }],
  ],
});

test('knows whoever reads all secrets for each of them', () => {
  expect(secretRead.detect(apiRequest(read))[0]?.impliedBy).toEqual(['all of shop', 'all of every namespace']);
});

test('takes what a secret is for into account', () => {
  const likely = (given: Partial<ApiRequest>) => secretRead.detect(apiRequest({ ...read, ...given }))[0]?.prior ?? 0;
  const cart = { username: 'system:serviceaccount:shop:cart' };
  const others = { ...cart, namespace: 'payments' };
  const fromLikeliest = [{ ...cart, name: 'cart-database' }, cart, others, { ...cart, namespace: 'kube-system' }].map(likely);
  expect(fromLikeliest).toEqual(fromLikeliest.toSorted((one, other) => other - one));
  expect(new Set(fromLikeliest).size).toBe(fromLikeliest.length);
  expect(likely({ ...cart, verb: 'list', name: '' })).toBeGreaterThan(likely({ ...others, verb: 'list', name: '' }));
  expect(likely({ verb: 'list', name: '', identity: alice })).toBeGreaterThan(likely({ verb: 'list', name: '', namespace: '', identity: alice }));
});
