import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { detectors } from '../../lib/detectors/catalogue.ts';
import { isCovered, pageOf } from './page.ts';
import { readProofs } from './proofs-file.ts';
import { rows, rowsByCategory } from './rows.ts';

const page = readFileSync('docs/catalogue.md', 'utf8');

test('the page is what the command writes', () => {
  expect(page).toBe(pageOf(readProofs()));
});

test('every link of the page leads somewhere', () => {
  const links = [...page.matchAll(/\]\(([^)#:]+)\)/g)].map(([, link = '']) => `docs/${link}`);
  expect(links.length).toBeGreaterThan(detectors.size);
  expect(links.filter((link) => !existsSync(link))).toEqual([]);
});

test('every detector is in it, with its test, what it says and what honest thing looks the same', () => {
  for (const { id, innocent, kind } of detectors.values()) {
    expect(innocent).toMatch(/^[A-Z].{10,150}\.$/);
    const link = kind === 'egress' ? '\\[tests\\]\\(../test/lib/egress/\\)' : `\\[test\\]\\(../test/lib/detectors/${id}\\.test\\.ts\\)`;
    expect(page).toMatch(new RegExp(`^\\| \`${id}\` \\| .* ${link} \\|$`, 'm'));
  }
});

test('every row is there once', () => {
  expect(rows).toHaveLength(165 + 4);
  expect(rowsByCategory['extra']).toHaveLength(4);
  const [, others = ''] = page.split('\n## What others detect\n');
  for (const { id } of rows) expect(others.split(`\n| \`${id}\` | `)).toHaveLength(2);
});

test('every row names detectors that there are, and has a proof, or says why it cannot be seen', () => {
  const { byRow } = readProofs();
  const seen = rows.filter(({ unseen }) => unseen === undefined);
  for (const { id, detectors: ids } of seen) {
    expect([id, ids.filter((one) => !detectors.has(one))]).toEqual([id, []]);
    expect([id, ids.length > 0]).toEqual([id, true]);
  }
  expect([...byRow.keys()].sort()).toEqual(seen.map(({ id }) => id).sort());
  expect(rows.filter((row) => row.unseen !== undefined && (row.detectors.length > 0 || row.notYet !== undefined)).map(({ id }) => id)).toEqual([]);
});

test('whoever proves a row has everyday life of its own, but for an account that nobody should use', () => {
  const { life, byRow } = readProofs();
  const strangers = rows.filter((row) => isCovered(row) && !life.has(byRow.get(row.id)?.identity.id ?? ''));
  expect(strangers.map(({ id }) => id)).toEqual(['admin-account-used']);
});
