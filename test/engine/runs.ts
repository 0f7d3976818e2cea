import type { AuditEvent } from '../../lib/audit/event.ts';
import { Engine } from '../../lib/engine/engine.ts';
import type { Finding } from '../../lib/finding.ts';
import { MemoryFindingStore } from '../../lib/memory-stores.ts';
import type { FindingStore, StateStore } from '../../lib/store.ts';
import { cluster } from './sample.ts';
import { decoded, TracedStateStore } from './traced-state.ts';

/** Where a run leaves what it finds and learns. */
export interface RunStores {
  readonly state: TracedStateStore;
  readonly findings: FindingStore;
}

/** How a run ended. */
export interface Outcome {
  /** Sorted by id. */
  readonly findings: readonly Finding[];
  /** Decoded, by key. */
  readonly state: Readonly<Record<string, unknown>>;
  /** Calls that wrote state. */
  readonly writes: number;
}

/** Stores in memory that hold what was learned. */
export async function storesWith(learned: TracedStateStore, target?: StateStore): Promise<RunStores> {
  return { state: await learned.copy(target), findings: new MemoryFindingStore() };
}

/** Gives deliveries to one engine, one after the other. */
export async function process(stores: RunStores, deliveries: readonly (readonly AuditEvent[])[]): Promise<void> {
  const engine = new Engine(stores);
  for (const events of deliveries) await engine.process({ cluster, events });
}

/** Gives deliveries to a new engine that knows what was learned. */
export async function run(learned: TracedStateStore, deliveries: readonly (readonly AuditEvent[])[]): Promise<Outcome> {
  const stores = await storesWith(learned);
  await process(stores, deliveries);
  return outcomeOf(stores);
}

/** Gives what is in the stores. */
export async function outcomeOf({ state, findings }: RunStores): Promise<Outcome> {
  return { findings: await allFindings(findings), state: await decoded(state), writes: state.writes };
}

/** All findings, sorted by id. */
export async function allFindings(findings: FindingStore): Promise<Finding[]> {
  const found = await findings.query({ cluster, limit: 10_000 });
  return found.sort((one, other) => (one.id < other.id ? -1 : 1));
}
