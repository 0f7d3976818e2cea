import { describe, expect, test } from '@jest/globals';
import { parseAuditEvent } from '../../lib/audit/event.ts';
import { attacks } from './attacks/catalogue.ts';
import type { AuditJson } from './audit.ts';
import { generateCluster } from './generate.ts';
import { oddities } from './oddities/catalogue.ts';

const cluster = generateCluster(7);
const everything = generateCluster(8, { attacks: Object.keys(attacks), oddities: Object.keys(oddities) });

describe('a generated cluster', () => {
  test('is the same for the same seed, and another for another', () => {
    const text = (seed: number): string => JSON.stringify(generateCluster(seed, { days: 8 }));
    expect(text(7) === text(7)).toBe(true);
    expect(text(7) === text(9)).toBe(false);
  });

  test('logs a plausible number of events within its days, in the order of time', () => {
    expect(cluster.events.length).toBeGreaterThan(20_000);
    expect(cluster.events.length).toBeLessThan(80_000);
    const times = cluster.events.map(({ stageTimestamp }) => stageTimestamp);
    expect(times.every((time, index) => index === 0 || time >= (times[index - 1] ?? ''))).toBe(true);
    const received = cluster.events.map(({ requestReceivedTimestamp }) => Date.parse(requestReceivedTimestamp));
    expect(Math.min(...received.slice(0, 1000))).toBeGreaterThanOrEqual(cluster.start);
  });

  test.each([['drawn at random', cluster], ['with every attack and oddity', everything]])('%s has only events that are read', (_, { events }) => {
    expect(events.filter((event) => parseAuditEvent(JSON.stringify(event)).auditID !== event.auditID)).toEqual([]);
  });

  test('labels requests that are in the log, some as attack for each scenario', () => {
    const ids = new Set(everything.events.map(({ auditID }) => auditID));
    expect(everything.labels.filter(({ auditID }) => !ids.has(auditID))).toEqual([]);
    for (const { id } of everything.scenarios) expect(everything.labels.some(({ scenario, role }) => scenario === id && role === 'attack')).toBe(true);
    expect(everything.scenarios.map(({ kind }) => kind).sort()).toEqual(Object.keys(attacks).sort());
  });

  test('marks every oddity that it was asked for', () => {
    // Not every cluster has room for each: one that has the backup tool gets no second one.
    const seen = new Set(everything.oddities.values());
    expect(Object.keys(oddities).filter((kind) => !seen.has(kind) && kind !== 'daily-backup' && kind !== 'pipeline-moved')).toEqual([]);
  });

  test('keeps bodies where EKS does', () => {
    const bodies = (kind: string): AuditJson[] => everything.events.filter((event) => (event['objectRef'] as { resource?: string } | undefined)?.resource === kind && event['requestObject'] !== undefined);
    expect(bodies('secrets')).toEqual([]);
    expect(bodies('deployments').length).toBeGreaterThan(0);
  });
});
