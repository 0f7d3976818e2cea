import { describe, expect, test } from '@jest/globals';
import { tallyOf, tallyWords } from '../../lib/tally.ts';
import { finding } from '../lambdas/findings.ts';
import { evidence } from './states.ts';

const asked = (request: string, times = 1) => Array.from({ length: times }, () => evidence({ request }));
const said = (pieces: Parameters<typeof tallyOf>[0]) => tallyOf(pieces).map(({ what, count }) => `${String(count)} × ${what}`);

describe('evidence', () => {
  test('is counted by what was asked, the most frequent first, and whether it was refused', () => {
    expect(said([...asked('get pods/log cart-0 in shop from 10.0.0.7: 200'), ...asked('list secrets in shop from 10.0.0.7: 200', 3), ...asked('list secrets in data from 10.0.0.7: 403', 2)]))
      .toEqual(['3 × list secrets', '2 × list secrets (refused)', '1 × get pods/log']);
  });

  test('of paths that are no objects is counted by their first part', () => {
    expect(said([...asked('get /apis/apps/v1 from 10.0.0.7: 200'), ...asked('get /apis/batch/v1 from 10.0.0.7: 200'), ...asked('get /metrics from 10.0.0.7: 200')])).toEqual(['2 × get /apis/…', '1 × get /metrics']);
  });

  test('of traffic is counted by where it went', () => {
    expect(said([evidence({ auditId: '', dstAddr: '203.0.113.9', request: 'shop/Deployment/cart sent 9 MB' }), evidence({ auditId: '', request: 'shop/Deployment/cart looked up a.example (A) from 10.0.0.7' })])).toEqual(['1 × name looked up', '1 × traffic to 203.0.113.9']);
  });

  test('of many sorts is cut, and nothing of the count is lost', () => {
    const tally = tallyOf(Array.from({ length: 30 }, (_, index) => evidence({ request: `get things${String(index)} from 10.0.0.7: 200` })));
    expect(tally).toHaveLength(8);
    expect(tally.at(-1)?.what).toBe('others');
    expect(tally.reduce((sum, { count }) => sum + count, 0)).toBe(30);
  });

  test('of an endless name is cut', () => {
    expect(tallyOf(asked(`get ${'x'.repeat(500)}`))[0]?.what.length).toBeLessThanOrEqual(100);
  });
});

test('the words say whether that is all', () => {
  const tally = [{ what: 'list secrets', count: 1 }];
  expect(tallyWords(finding({ tally, evidenceTotal: 1 }))).toBe('In all: 1 × list secrets');
  expect(tallyWords(finding({ tally, evidenceTotal: 14 }))).toBe('The first 1: 1 × list secrets');
  expect(tallyWords(finding())).toBe('');
});
