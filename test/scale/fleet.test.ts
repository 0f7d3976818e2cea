import { beforeAll, describe, expect, test } from '@jest/globals';
import { AuditFiles } from '../../cli/audit-files.ts';
import { startEmbeddedAws } from '../../lambdas/local/embedded-aws.ts';
import { parseAuditEvent, type AuditEvent } from '../../lib/audit/event.ts';
import { readSubscription } from '../../lib/audit/subscription.ts';
import { FleetTraffic, type FleetDelivery, type FleetOptions } from './fleet-traffic.ts';
import { learn, playFleet } from './play-fleet.ts';

const start = Date.parse('2026-10-08T00:00:00Z');
const home = { account: 'home', region: 'us-east-1' };
let templates: AuditEvent[];

beforeAll(async () => {
  templates = [];
  for await (const event of (await AuditFiles.open(['examples/shop/audit-2026-10-07.jsonl.gz'])).events()) templates.push(event);
});

function trafficOf(given: Partial<FleetOptions> = {}): FleetTraffic {
  return new FleetTraffic(templates, { clusters: 50, eventsPerSecond: 100, hotEventsPerSecond: 0, seed: '1', ...given });
}

function eventsOf(deliveries: readonly FleetDelivery[]): { cluster: string; event: AuditEvent }[] {
  return deliveries.flatMap(({ data }) => {
    const { cluster, records, kind } = readSubscription(Buffer.from(data, 'base64'), home);
    expect(kind).toBe('audit');
    return records.map((record) => ({ cluster, event: parseAuditEvent(record) }));
  });
}

describe('the traffic of a fleet', () => {
  test('is as busy as it is to be, and happens in its minute', () => {
    const deliveries = [...trafficOf().minute(start)];
    const events = eventsOf(deliveries);
    expect(events.length).toBeGreaterThan(5500);
    expect(events.length).toBeLessThan(6500);
    expect(new Set(events.map(({ event }) => event.auditID)).size).toBe(events.length);
    for (const { event } of events) expect(Math.floor(Date.parse(event.requestReceivedTimestamp) / 60_000)).toBe(start / 60_000);
    for (const { at, cluster, events: count } of deliveries) {
      expect(at).toBeGreaterThanOrEqual(start + 60_000);
      expect(events.filter((one) => one.cluster === cluster).length).toBeGreaterThanOrEqual(count);
    }
  });

  test('is mostly that of few clusters, and in each of few identities', () => {
    const events = eventsOf([...trafficOf().minute(start)]);
    const byCluster = [...Map.groupBy(events, ({ cluster }) => cluster).values()].map(({ length }) => length).sort((one, other) => other - one);
    expect(byCluster.length).toBeGreaterThan(40);
    expect(byCluster.slice(0, 5).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(events.length / 3);
    const byCaller = [...Map.groupBy(events, ({ event }) => event.user?.username).values()].map(({ length }) => length).sort((one, other) => other - one);
    expect(byCaller.slice(0, 5).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(events.length / 2);
  });

  test('is the same with the same seed, and another with another', () => {
    const dataOf = (seed: string) => [...trafficOf({ seed }).minute(start)].map(({ data }) => data);
    expect(dataOf('1')).toEqual(dataOf('1'));
    expect(dataOf('2')).not.toEqual(dataOf('1'));
  });

  test('has one service account of the busiest cluster do so much besides', () => {
    const events = eventsOf([...trafficOf({ clusters: 1, eventsPerSecond: 0.001, hotEventsPerSecond: 200 }).minute(start)]);
    expect(events.length).toBeGreaterThanOrEqual(12_000);
    const [busiest] = [...Map.groupBy(events, ({ event }) => event.user?.username)].sort(([, one], [, other]) => other.length - one.length);
    expect(busiest?.[0]).toMatch(/^system:serviceaccount:/);
    expect(busiest?.[1].length).toBeGreaterThanOrEqual(12_000);
  });
});

test('a fleet is taken in whole by several functions at a time, with their own memories and the same tables', async () => {
  const aws = await startEmbeddedAws();
  try {
    const report = await playFleet(aws.dynamo, trafficOf({ clusters: 5, eventsPerSecond: 10, hotEventsPerSecond: 50 }), { learned: await learn(templates), warmUp: 1, minutes: 2, functions: 4, start });
    expect(report).toMatchObject({ failed: 0, malformed: 0 });
    expect(report.events).toBeGreaterThan(2 * 60 * 50);
    expect(report.serviceMs).toHaveLength(report.deliveries);
    expect(report.writeUnits).toBeGreaterThan(0);
    // What is known of the clusters is known from the beginning: hardly anything is news.
    expect(report.writes).toBeLessThan(report.events / 10);
  } finally {
    await aws.stop();
  }
});
