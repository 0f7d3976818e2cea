import type { AuditEvent } from '../../lib/audit/event.ts';
import { Engine } from '../../lib/engine/engine.ts';
import type { Finding } from '../../lib/finding.ts';
import { MemoryFindingStore, MemoryStateStore } from '../../lib/memory-stores.ts';
import type { StateStore } from '../../lib/store.ts';
import { cutDeliveries, usualDelivery } from '../../cli/deliveries.ts';

/** Plays sorted events of a cluster, nothing known before but what `state` holds; gives the findings, oldest first. */
export async function replay(events: Iterable<AuditEvent>, cluster: string, state: StateStore = new MemoryStateStore(), limits = usualDelivery): Promise<Finding[]> {
  const findings = new MemoryFindingStore();
  const engine = new Engine({ state, findings });
  for await (const delivery of cutDeliveries(overTime(events), cluster, limits)) await engine.process(delivery);
  return (await findings.query({ limit: Number.MAX_SAFE_INTEGER })).reverse();
}

// eslint-disable-next-line @typescript-eslint/require-await -- deliveries are cut from what comes over time
async function* overTime(events: Iterable<AuditEvent>): AsyncGenerator<AuditEvent> {
  yield* events;
}
