import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cleanLine } from '../../lib/text.ts';

test.each([
  ['a\r\nb', 'a b'],
  ['a\u001b[31mb', 'a [31mb'],
  ['a\u202eb', 'ab'],
  ['a\u200bb', 'ab'],
  ['a\ud800b', 'ab'],
  ['  a  ', 'a'],
  ['größe 😀', 'größe 😀'],
])('makes %j safe', (text, safe) => {
  expect(cleanLine(text)).toBe(safe);
});

test('gives one whole line that stays as it is', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
    const line = cleanLine(text);
    expect(line).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
    expect(cleanLine(line)).toBe(line);
  }));
});
