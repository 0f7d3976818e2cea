import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { codedCharacters, looksRandom } from '../../../../lib/egress/names/name-shape.ts';

describe('takes for coded data', () => {
  test.each([
    ['base32', 'mzxw6ytboi4dsmjrgiztinjwg44dsmbrgizq', 36],
    ['hexadecimal', '9f3c2a7be41d508c77aa', 20],
    ['labels in a row', 'q7x2kd9w4m1zt8.p3v6hb0s5c2jn9', 28],
    ['base64 for URLs', 'zx-9kq_7vbt3-mw0qpxj4', 18],
    ['many short pieces', 'x7q.k2w.v9z.j4x.q8k.z3v.w6j.x1q', 24],
    ['a quarter of a hash', 'd41d8cd98f00b204e9800998ecf8427e', 8],
    ['a quarter of a UUID', '0e73ddeb-8f00-4b20-9e98-00998ecf8427', 8],
  ])('%s', (_, labels, characters) => {
    expect(codedCharacters(labels)).toBe(characters);
  });
});

describe('does not take for coded data', () => {
  test.each(['', 'www', 'api.eu-west-1', 'static-assets', 'production-database-replica', 'r1.cdn', '4.3.2.1', '20260301', 'o4504123456789.ingest', 'selector1', 'x7kq9z2wv8._domainkey', '_acme-challenge.x7kq9z2wv8b', 'pr-123.preview'])('%s', (labels) => {
    expect(codedCharacters(labels)).toBe(0);
  });
});

test('counts no more characters than there are', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 1024 }), (labels) => {
    expect(codedCharacters(labels)).toBeGreaterThanOrEqual(0);
    expect(codedCharacters(labels)).toBeLessThanOrEqual(labels.length);
  }));
});

test.each([['kxqjzvwtbh', true], ['x8k2q9z7w3', true], ['cedarwind', false], ['kubernetes', false], ['bbc', false], ['12345678', false]])('%s looks random: %s', (label, is) => {
  expect(looksRandom(label)).toBe(is);
});
