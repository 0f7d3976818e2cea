import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { registeredDomain } from '../../../lib/egress/domain.ts';

test.each([
  ['a.b.example.co.uk', 'example.co.uk'],
  ['EXAMPLE.com', 'example.com'],
  ['_ldap._tcp.example.com', 'example.com'],
  ['x.shop.github.io', 'shop.github.io'],
  ['kubernetes.default.svc.cluster.local', 'cluster.local'],
  ['github.io', undefined],
  ['com', undefined],
  ['localhost', undefined],
  ['10.0.0.1', undefined],
  ['2001:db8::1', undefined],
  ['a..com', undefined],
  ['', undefined],
  [`${'x'.repeat(5000)}.com`, undefined],
])('of %j is %s', (name, domain) => { expect(registeredDomain(name)).toBe(domain); });

test('is the end of the name, whatever the name', () => {
  fc.assert(fc.property(fc.oneof(fc.domain(), fc.string({ unit: 'binary' })), (name) => {
    const domain = registeredDomain(name);
    expect(domain === undefined || domain.length <= name.length + 1).toBe(true);
  }));
  fc.assert(fc.property(fc.domain(), (name) => { expect(registeredDomain(`a.b.c.${name}`)).toBe(registeredDomain(`x.c.${name}`)); }));
});
