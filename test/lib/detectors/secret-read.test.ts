import { expect, test } from '@jest/globals';
import { secretRead } from '../../../lib/detectors/secret-read.ts';
import { apiRequest } from '../requests.ts';
import { testActs } from './verdicts.ts';

const read = { verb: 'get', resource: 'secrets', namespace: 'shop', name: 'database' } as const;

testActs(secretRead, {
  hits: [
    ['one secret', read, ['shop/database']],
    ['the releases of Helm as one secret', { ...read, name: 'sh.helm.release.v1.cart.v12' }, ['shop/sh.helm.release.v1.cart.v*']],
    ['all of a namespace', { ...read, verb: 'list', name: '' }, ['all of shop']],
    ['all of the cluster', { ...read, verb: 'watch', namespace: '', name: '' }, ['all of every namespace']],
    ['one secret watched by its name', { ...read, verb: 'watch' }, ['shop/database']],
  ],
  misses: [
    ['a refused reading', { ...read, outcome: 'refused', code: 403 }],
    ['a secret that is not there', { ...read, outcome: 'missing', code: 404 }],
    ['a secret written', { ...read, verb: 'update' }],
    ['a config map', { ...read, resource: 'configmaps' }],
    ['a kind of the same name', { ...read, resource: 'example.com/secrets' }],
  ],
});

test('knows whoever reads all secrets for each of them', () => {
  expect(secretRead.detect(apiRequest(read))[0]?.impliedBy).toEqual(['all of shop', 'all of every namespace']);
});
