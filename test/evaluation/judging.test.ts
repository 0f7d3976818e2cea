import { describe, expect, test } from '@jest/globals';
import type { Label } from './corpus.ts';
import { figuresOf, judge, type Claim } from './judging.ts';

const truth = {
  name: 'small',
  start: Date.parse('2026-03-01T00:00:00Z'),
  days: 2,
  scenarios: [
    { id: 'theft', title: 'a theft', category: 'exfil-egress', start: '2026-03-01T09:00:00Z', end: '2026-03-01T09:10:00Z' },
    { id: 'shell', title: 'a shell', category: 'execution', start: '2026-03-01T20:00:00Z', end: '2026-03-01T20:10:00Z' },
  ],
  labels: new Map<string, Label[]>([
    ['t', [{ auditID: 't', scenario: 'theft', role: 'attack' }]],
    ['s', [{ auditID: 's', scenario: 'shell', role: 'attack' }]],
    ['c', [{ auditID: 'c', scenario: 'shell', role: 'consequence' }]],
  ]),
  events: [],
};

function claim(ids: string, given: Partial<Claim> = {}): Claim {
  return { identity: 'someone', severity: 'medium', pushedAt: ['2026-03-01T09:05:00Z'], evidence: [...ids].map((auditId) => ({ auditId })), ...given };
}

describe('a claim', () => {
  test.each([
    ['t', 'true'],
    ['txxx', 'true'],
    ['txxxx', 'false'],
    ['c', 'consequence'],
    ['tc', 'true'],
    ['x', 'false'],
  ])('on the requests %s is %s', (ids, kind) => {
    expect(judge([claim(ids)], truth).alerts.map((alert) => alert.kind)).toEqual([kind]);
  });

  test('finds an attack only in its time', () => {
    const at = (time: string): number | undefined => judge([claim('t', { pushedAt: [time] })], truth).found.get('theft');
    expect([at('2026-03-01T08:58:59Z'), at('2026-03-01T08:59:30Z'), at('2026-03-01T09:05:00Z'), at('2026-03-02T09:10:00Z'), at('2026-03-02T09:10:01Z')]).toEqual([undefined, 0, 300, 87_000, undefined]);
  });

  test('finds nothing while it is low', () => {
    expect(judge([claim('t', { severity: 'low' })], truth)).toMatchObject({ alerts: [], judged: [{ kind: 'true' }], found: new Map() });
  });
});

test('figures count each time people were told', () => {
  const claims = [claim('t', { pushedAt: ['2026-03-01T09:05:00Z', '2026-03-01T09:06:00Z'] }), claim('x'), claim('x', { pushedAt: ['2026-03-02T01:00:00Z'] }), claim('c'), claim('x', { severity: 'low' })];
  expect(figuresOf(judge(claims, truth), truth)).toMatchObject({
    found: 1,
    recall: 0.5,
    alerts: 5,
    falseAlerts: 2,
    consequences: 1,
    falseAlertsPerClusterDay: 1,
    falseAlertsFirstDay: 1,
    alertsPerFoundScenario: 2,
    precision: 0.6,
    medianSecondsToAlert: 300,
    recorded: 5,
    byCategory: { 'exfil-egress': { scenarios: 1, found: 1 }, execution: { scenarios: 1, found: 0 } },
  });
});
