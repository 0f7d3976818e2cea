import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoFindingStore } from '../../lambdas/dynamodb-finding-store.ts';
import { DynamoStateStore } from '../../lambdas/dynamodb-state-store.ts';
import { createIngestHandler, type IngestHandler } from '../../lambdas/ingest.ts';
import { createTables } from '../../lambdas/local/create-tables.ts';
import { contextOf } from '../../lambdas/local/runner.ts';
import { silentTelemetry } from '../../lambdas/telemetry.ts';
import { cutDeliveries } from '../../cli/deliveries.ts';
import type { AuditEvent } from '../../lib/audit/event.ts';
import { Engine } from '../../lib/engine/engine.ts';
import { MemoryDeadLetters, MemoryFindingStore } from '../../lib/memory-stores.ts';
import { ConflictError, type StateItem, type StateStore } from '../../lib/store.ts';
import { stateOnTop } from '../engine/state-on-top.ts';
import { TracedStateStore } from '../engine/traced-state.ts';
import { countUnits, type ConsumedUnits } from './consumed-units.ts';
import type { FleetDelivery, FleetTraffic } from './fleet-traffic.ts';

/** Which minutes of a fleet are played, and by how many functions at a time. */
export interface PlayOptions {
  /** What was learned of the recorded cluster, by key: of each cluster of the fleet that much is known from the beginning. */
  readonly learned: ReadonlyMap<string, StateItem>;
  /** Minutes that are not measured, and then so many that are. */
  readonly warmUp: number;
  readonly minutes: number;
  readonly functions: number;
  /** Milliseconds since the epoch. */
  readonly start: number;
}

/** What became of it. */
export interface FleetReport extends ConsumedUnits {
  events: number;
  deliveries: number;
  /** Deliveries with which a call failed; each was given again until it was taken in. */
  failed: number;
  /** Writes that came too late, since another function had written meanwhile. */
  conflicts: number;
  malformed: number;
  cpuSeconds: number;
  /** Of each delivery how long a function had to do with it, in milliseconds. */
  readonly serviceMs: number[];
  /** The item that was written most, and how often. */
  hottest: { readonly key: string; readonly writes: number };
}

const minuteMs = 60_000;
const tables = { state: 'fleet-state', findings: 'fleet-findings' };
const context = contextOf('ingest');

/**
 * Has the real handlers take in a fleet's traffic, with the real stores on a client that says what it consumed. Each function has its own
 * memory, as in Lambda, and takes the next delivery when it is done with one.
 */
export async function playFleet(client: DynamoDBClient, traffic: FleetTraffic, { learned, warmUp, minutes, functions, start }: PlayOptions): Promise<FleetReport> {
  await createTables(client, tables);
  const units = countUnits(client);
  const writes = new Map<string, number>();
  const report: FleetReport = { ...units, events: 0, deliveries: 0, failed: 0, conflicts: 0, malformed: 0, cpuSeconds: 0, serviceMs: [], hottest: { key: '', writes: 0 } };
  const deadLetters = new MemoryDeadLetters();
  let now = start;
  const handlers = Array.from({ length: functions }, () => {
    const state = noting(stateOnTop(new DynamoStateStore(client, tables.state), (key) => learned.get(recordedKey(key))?.bytes), writes, report);
    return createIngestHandler({ state, findings: new DynamoFindingStore(client, tables.findings), deadLetters }, silentTelemetry(), { home: { account: 'home', region: 'us-east-1' }, now: () => now });
  });
  for (let minute = 0; minute < warmUp + minutes; minute++) {
    const begins = start + minute * minuteMs;
    now = begins + minuteMs;
    if (minute === warmUp) {
      Object.assign(units, { readUnits: 0, writeUnits: 0, writes: 0 });
      Object.assign(report, { events: 0, deliveries: 0, failed: 0, conflicts: 0, cpuSeconds: 0 });
      report.serviceMs.length = 0;
      writes.clear();
    }
    await takeIn([...traffic.minute(begins)], handlers, report);
  }
  const [key, count] = [...writes].reduce((most, one) => (one[1] > most[1] ? one : most), ['', 0] as [string, number]);
  return { ...report, ...units, malformed: deadLetters.letters.length, hottest: { key, writes: count } };
}

/** In the order in which they come, each function the next one when it is free; the making of deliveries is not counted. */
async function takeIn(deliveries: readonly FleetDelivery[], handlers: readonly IngestHandler[], report: FleetReport): Promise<void> {
  const waiting = deliveries.toSorted((one, other) => one.at - other.at).reverse();
  const before = process.cpuUsage();
  await Promise.all(handlers.map(async (handler) => {
    for (let delivery = waiting.pop(); delivery; delivery = waiting.pop()) {
      const began = performance.now();
      try {
        await handler({ awslogs: { data: delivery.data } }, context);
      } catch {
        report.failed += 1;
        waiting.push(delivery);
        continue;
      }
      report.serviceMs.push(performance.now() - began);
      report.deliveries += 1;
      report.events += delivery.events;
    }
  }));
  const { user, system } = process.cpuUsage(before);
  report.cpuSeconds += (user + system) / 1e6;
}

/** The name under which the recorded cluster was learned. */
const recordedCluster = 'recorded';

/** Learns a recorded cluster. */
export async function learn(events: readonly AuditEvent[]): Promise<Map<string, StateItem>> {
  const state = new TracedStateStore();
  const engine = new Engine({ state, findings: new MemoryFindingStore() });
  for await (const delivery of cutDeliveries(events, recordedCluster)) await engine.process(delivery);
  return await state.items();
}

/** The key under which the recorded cluster has what a cluster has under this. */
function recordedKey(key: string): string {
  return key.replace(/^(\w+)\|[^|]+/, `$1|${recordedCluster}`);
}

function noting(state: StateStore, writes: Map<string, number>, report: FleetReport): StateStore {
  return {
    read: (keys) => state.read(keys),
    write: async (key, ...rest) => {
      try {
        await state.write(key, ...rest);
        writes.set(key, (writes.get(key) ?? 0) + 1);
      } catch (error) {
        if (error instanceof ConflictError) report.conflicts += 1;
        throw error;
      }
    },
  };
}
