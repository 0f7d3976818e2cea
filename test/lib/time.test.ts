import { expect, test } from '@jest/globals';
import { isoTime, pastEnd, windowMs, windowOf, windowsPerDay } from '../../lib/time.ts';
import { monday } from './requests.ts';

test.each([[-1, -1], [0, 0], [1, 0], [windowMs - 1, 0], [windowMs, 1]])('puts %d ms after the beginning of a window into window %d from there', (offset, windows) => {
  expect(windowOf(monday + offset)).toBe(windowOf(monday) + windows);
});

test('takes a window and the one before it as the present', () => {
  expect(pastEnd(100)).toBe(99);
  expect(windowsPerDay).toBe(144);
});

test('writes times in UTC', () => {
  expect(isoTime(monday)).toBe('2026-03-02T09:00:00.000Z');
});
