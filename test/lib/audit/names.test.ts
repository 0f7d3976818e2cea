import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isSystemNamespace, stableName } from '../../../lib/audit/names.ts';

describe('leaves off what generators add', () => {
  test.each([
    ['cart-7d9c5b8f64-x2x4z', 'cart-*'],
    ['cart-x2x4z', 'cart-*'],
    ['sh.helm.release.v1.cart.v12', 'sh.helm.release.v1.cart.v*'],
    ['backup-29412345', 'backup-#'],
    ['token-01234567-89ab-cdef-0123-456789abcdef', 'token-*'],
  ])('%s', (name, stable) => { expect(stableName(name)).toBe(stable); });
});

describe('keeps', () => {
  test.each(['database', 'db-0', 'cart-v2', 'tls-certs', 'aws-auth', '', 'sh.helm.release.v1.'])('"%s"', (name) => { expect(stableName(name)).toBe(name); });
});

test('gives the same for all runs of a job', () => {
  fc.assert(fc.property(fc.integer({ min: 28_000_000, max: 30_000_000 }), (minute) => { expect(stableName(`backup-${String(minute)}`)).toBe('backup-#'); }));
});

test('takes long hostile names', () => {
  expect(stableName('a'.repeat(1_000_000))).toHaveLength(1_000_000);
  expect(stableName(`sh.helm.release.v1.${'.v1'.repeat(100_000)}x`)).toContain('x');
});

test('knows the cluster\'s own namespaces', () => {
  expect(['kube-system', 'kube-public', 'kube-node-lease', 'default', 'shop', ''].map(isSystemNamespace)).toEqual([true, true, true, false, false, false]);
});
