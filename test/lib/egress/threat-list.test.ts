import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ThreatList } from '../../../lib/egress/threat-list.ts';

const now = Date.parse('2026-03-02T09:00:00Z');

function listOf(text: string): ThreatList {
  const list = new ThreatList();
  list.add(text, now);
  return list;
}

/** A bundle with one indicator for each pattern. */
function bundle(patterns: readonly string[], given: Readonly<Record<string, unknown>> = {}): string {
  const objects = patterns.map((pattern, index) => ({ type: 'indicator', spec_version: '2.1', id: `indicator--${String(index)}`, pattern, pattern_type: 'stix', valid_from: '2026-01-01T00:00:00Z', ...given }));
  return JSON.stringify({ type: 'bundle', id: 'bundle--1', objects: [{ type: 'identity', name: 'x' }, 5, ...objects] });
}

describe('of plain text', () => {
  const list = listOf('# bad ones\n203.0.113.9\r\n198.51.100.0/24 # a range\n\n2001:db8:bad::/48\nEvil.example.com.\n*.pool.example\n');

  test('finds addresses and what lies in ranges', () => {
    expect(list.size).toBe(5);
    expect(['203.0.113.9', '198.51.100.77', '2001:db8:bad:1::1'].map((address) => list.addressEntry(address))).toEqual(['203.0.113.9', '198.51.100.0/24', '2001:db8:bad::/48']);
    expect(['203.0.113.8', '198.51.101.1', '2001:db8:bae::1', 'x', ''].map((address) => list.addressEntry(address))).toEqual(Array.from({ length: 5 }, () => undefined));
  });

  test('finds domains and what is below them', () => {
    expect(['evil.example.com', 'a.b.evil.example.com', 'x.pool.example'].map((name) => list.domainEntry(name))).toEqual(['evil.example.com', 'evil.example.com', 'pool.example']);
    expect(['example.com', 'notevil.example.com', 'com', ''].map((name) => list.domainEntry(name))).toEqual(Array.from({ length: 4 }, () => undefined));
  });

  test('counts what is neither, and what would name half of the internet', () => {
    const other = listOf('hello world\n0.0.0.0/0\n::/0\n10.0.0.0/33\ncom\n1.2.3.4.5\n<script>\n203.0.113.9');
    expect(other).toMatchObject({ size: 1, notUsed: 7 });
  });
});

describe('of a STIX bundle', () => {
  test('finds what patterns compare', () => {
    const list = listOf(bundle([
      "[ipv4-addr:value = '203.0.113.9']",
      "[ipv4-addr:value = '203.0.113.10' OR ipv6-addr:value = '2001:db8::5' OR domain-name:value = 'evil.example.com']",
      "[domain-name:value = 'one.example'] OR [domain-name:value='two.example']",
      "[ipv4-addr:value ISSUBSET '198.51.100.0/24']",
      "( [domain-name:value IN ('three.example', 'four.example')] )",
    ]));
    expect(list).toMatchObject({ size: 9, notUsed: 0 });
    expect(['203.0.113.9', '203.0.113.10', '2001:db8::5', '198.51.100.1'].every((address) => list.addressEntry(address) !== undefined)).toBe(true);
    expect(['evil.example.com', 'one.example', 'two.example', 'three.example', 'a.four.example'].every((name) => list.domainEntry(name) !== undefined)).toBe(true);
  });

  test.each([
    "[ipv4-addr:value = '203.0.113.9' AND domain-name:value = 'evil.example.com']",
    "[ipv4-addr:value != '203.0.113.9']",
    "[ipv4-addr:value = '203.0.113.9'] FOLLOWEDBY [domain-name:value = 'evil.example.com']",
    "[NOT ipv4-addr:value = '203.0.113.9']",
    "[file:hashes.MD5 = 'd41d8cd98f00b204e9800998ecf8427e']",
    "[ipv4-addr:value = '203.0.113.9",
    '[]',
    '',
  ])('does not use what one value alone does not meet: %s', (pattern) => {
    expect(listOf(bundle([pattern]))).toMatchObject({ size: 0, notUsed: 1 });
  });

  test('leaves out what is over, revoked, or in another language', () => {
    const pattern = ["[ipv4-addr:value = '203.0.113.9']"];
    expect(listOf(bundle(pattern, { valid_until: '2026-03-02T08:00:00Z' })).size).toBe(0);
    expect(listOf(bundle(pattern, { valid_until: '2026-03-02T10:00:00Z' })).size).toBe(1);
    expect(listOf(bundle(pattern, { revoked: true })).size).toBe(0);
    expect(listOf(bundle(pattern, { pattern_type: 'snort' }))).toMatchObject({ size: 0, notUsed: 1 });
  });

  test('takes long patterns in linear time', () => {
    expect(listOf(bundle([`[${"domain-name:value = 'x.example' OR ".repeat(2500)}`])).notUsed).toBe(0);
    expect(listOf(bundle([`[domain-name:value IN (${"'x',".repeat(20_000)}`])).notUsed).toBe(1);
  });
});

test('breaks on no text', () => {
  fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.jsonValue().map((objects) => JSON.stringify({ type: 'bundle', objects: [objects] }))), (text) => {
    const list = listOf(text);
    expect(list.addressEntry('10.0.0.1')).toBeUndefined();
  }));
});
