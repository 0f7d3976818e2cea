import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const threats = readFileSync('docs/threats.md', 'utf8');
const rows = threats.slice(threats.indexOf('## Who tries what'), threats.indexOf('## What to do besides')).split('\n').filter((line) => line.startsWith('| ')).slice(2).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));

test('each threat says what stops it, and what is shown by a test names one that there is', () => {
  expect(rows.length).toBeGreaterThan(10);
  for (const [, tries, stops, , shownBy = ''] of rows) {
    expect(tries).not.toBe('');
    expect(stops).not.toBe('');
    for (const [, file = ''] of shownBy.matchAll(/`([^`]+)`/g)) expect(existsSync(file)).toBe(true);
  }
  // Of money alone no test is possible.
  expect(rows.filter(([, , , , shownBy]) => shownBy === '').map(([, tries]) => tries)).toEqual(['to cost money: endless requests']);
});
