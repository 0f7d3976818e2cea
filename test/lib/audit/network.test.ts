import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { networkOf } from '../../../lib/audit/network.ts';

describe('gives the block and the scope', () => {
  test.each([
    ['203.0.113.9', '203.0.113.0/24', 'public'],
    ['198.51.100.255', '198.51.100.0/24', 'public'],
    ['10.1.2.3', '10.1.0.0/16', 'private'],
    ['172.31.255.1', '172.31.0.0/16', 'private'],
    ['192.168.7.1', '192.168.0.0/16', 'private'],
    ['100.64.1.1', '100.64.0.0/16', 'private'],
    ['169.254.169.254', '169.254.0.0/16', 'private'],
    ['127.0.0.1', '127.0.0.0/16', 'private'],
    ['2001:db8:1:2:3::4', '2001:db8:1::/48', 'public'],
    ['2001:DB8:0001::5', '2001:db8:1::/48', 'public'],
    ['fd00:1:2::3', 'fd00:1:2::/48', 'private'],
    ['fe80::1', 'fe80::/48', 'private'],
    ['::1', '::/48', 'private'],
    ['::ffff:10.1.2.3', '10.1.0.0/16', 'private'],
    ['::ffff:203.0.113.9', '203.0.113.0/24', 'public'],
  ])('of %s', (address, block, scope) => { expect(networkOf(address)).toEqual({ block, scope }); });
});

describe('does not know', () => {
  test.each([undefined, '', 'x', '999.1.1.1', '203.0.113.9:443', '203.0.113.0/24', '[::1]', '::1::', ' 10.0.0.1', '10.0.0.1\n', '1'.repeat(100_000)])('%j', (address) => {
    expect(networkOf(address)).toEqual({ block: 'unknown', scope: 'unknown' });
  });
});

test('puts neighbours into one block, and gives the same when asked again', () => {
  fc.assert(fc.property(fc.ipV4(), (address) => {
    const neighbour = address.replace(/\d+$/, '77');
    expect(networkOf(neighbour)).toEqual(networkOf(address));
  }));
});

test('gives one short line for anything', () => {
  fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.ipV6(), fc.webAuthority({ withPort: true })), (address) => {
    expect(networkOf(address).block).toMatch(/^(unknown|[0-9a-f.:]{2,43}\/\d{2})$/);
  }));
});
