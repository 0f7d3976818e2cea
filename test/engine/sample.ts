import type { AuditEvent } from '../../lib/audit/event.ts';
import { Engine } from '../../lib/engine/engine.ts';
import { MemoryFindingStore } from '../../lib/memory-stores.ts';
import { AuditFiles } from '../../cli/audit-files.ts';
import { cutDeliveries } from '../../cli/deliveries.ts';
import { sampleCluster, sampleFiles } from '../../cli/demo/sample.ts';
import { TracedStateStore } from './traced-state.ts';

const minute = 60_000;
const learnedFrom = '2026-10-10';
const learnedUntil = '2026-10-14';

/** Twenty minutes around each of six attacks, with all that others did in them. */
const attacks = ['2026-10-14T14:05', '2026-10-14T20:10', '2026-10-15T11:35', '2026-10-15T16:05', '2026-10-16T01:05', '2026-10-16T09:25'];

/** The cluster the events are of. */
export const cluster = sampleCluster;

/** Some of the sample, with what was learned from the four days before it. */
export interface Sample {
  /** What was learned; copy it. */
  readonly learned: TracedStateStore;
  /** In the order of time. */
  readonly events: readonly AuditEvent[];
}

/** Learns from four days of the sample and gives the events around the attacks of the next three. */
export async function readSample(chosen: readonly string[] = attacks): Promise<Sample> {
  const { history, stream } = await sampleFiles(learnedUntil);
  const learned = new TracedStateStore();
  const engine = new Engine({ state: learned, findings: new MemoryFindingStore() }, { learnUntilEpochMs: Date.parse(learnedUntil) });
  const files = await AuditFiles.open(history.filter((file) => file.slice(-19) >= `${learnedFrom}.jsonl.gz`));
  for await (const delivery of cutDeliveries(files.events(), cluster, { milliseconds: 60 * minute, events: 5000 })) await engine.process(delivery);
  const events: AuditEvent[] = [];
  for await (const event of (await AuditFiles.open(stream)).events()) if (chosen.some((from) => isIn(event, from, 20 * minute))) events.push(event);
  return { learned, events };
}

/** Gives the events from a time on, for so many milliseconds. */
export function slice(events: readonly AuditEvent[], from: string, milliseconds: number): AuditEvent[] {
  return events.filter((event) => isIn(event, from, milliseconds));
}

function isIn(event: AuditEvent, from: string, milliseconds: number): boolean {
  const since = timeOf(event) - Date.parse(`${from}:00Z`);
  return since >= 0 && since < milliseconds;
}

/** When a request was received, in milliseconds since the epoch. */
export function timeOf(event: AuditEvent): number {
  return Date.parse(event.requestReceivedTimestamp);
}

/** Cuts events into deliveries of so much event time, or so many events, at most. */
export function cut(events: readonly AuditEvent[], { milliseconds = Infinity, count = Infinity }: { milliseconds?: number; count?: number }): AuditEvent[][] {
  const deliveries: AuditEvent[][] = [];
  let endsAt = -Infinity;
  for (const event of events) {
    const last = deliveries.at(-1);
    if (last && timeOf(event) < endsAt && last.length < count) last.push(event);
    else {
      deliveries.push([event]);
      endsAt = timeOf(event) + milliseconds;
    }
  }
  return deliveries;
}
