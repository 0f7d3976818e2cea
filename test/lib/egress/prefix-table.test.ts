import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { PrefixTable } from '../../../lib/egress/prefix-table.ts';

test('finds all ranges that an address lies in', () => {
  const range = fc.tuple(fc.oneof(fc.ipV4(), fc.ipV6()), fc.nat(128)).map(([address, bits]) => [address, Math.min(bits, address.includes(':') ? 128 : 32)] as const);
  fc.assert(fc.property(fc.array(range, { maxLength: 30 }), fc.oneof(fc.ipV4(), fc.ipV6()), (ranges, asked) => {
    const table = new PrefixTable<number>();
    ranges.forEach(([address, bits], index) => { table.add(`${address}/${String(bits)}`, index); });
    const address = ipaddr.parse(asked);
    const expected = ranges.flatMap(([base, bits], index) => {
      const parsed = ipaddr.parse(base);
      return parsed.kind() === address.kind() && address.match([parsed, bits]) ? [index] : [];
    });
    const isMapped = (text: string) => ipaddr.parse(text).kind() === 'ipv6' && (ipaddr.parse(text) as ipaddr.IPv6).isIPv4MappedAddress();
    fc.pre(![asked, ...ranges.map(([base]) => base)].some(isMapped));
    expect(table.find(asked).sort((one, other) => one - other)).toEqual(expected);
  }));
});

test('takes single addresses, and refuses what is no range', () => {
  const table = new PrefixTable<string>();
  expect(table.isEmpty).toBe(true);
  expect(['203.0.113.9', ' 2001:db8::/32 '].map((range) => table.add(range, range))).toEqual([true, true]);
  expect(table.find('203.0.113.9')).toEqual(['203.0.113.9']);
  expect(table.find('203.0.113.8')).toEqual([]);
  expect(['', '10.0.0.0/', '10.0.0.0/33', '10.0.0.0/-1', '10.0.0.0/8/8', '10.0.0', '::/129', 'x'].map((range) => table.add(range, range))).toEqual(Array.from({ length: 8 }, () => false));
});
