import { Engine } from '../../lib/engine/engine.ts';
import { MemoryFindingStore, MemoryStateStore } from '../../lib/memory-stores.ts';
import type { StateStore } from '../../lib/store.ts';
import { AuditFiles } from '../audit-files.ts';
import { cutDeliveries } from '../deliveries.ts';
import type { Progress } from '../progress.ts';
import { hourMs } from '../../lib/time.ts';

const hugeDelivery = { milliseconds: hourMs, events: 5000 };
const writesAtOnce = 50;

/** State in memory that can be copied into a table in one go, which is much faster than learning through the table. */
class CopyableStateStore extends MemoryStateStore {
  readonly #expiries = new Map<string, number | undefined>();

  override async write(key: string, bytes: Uint8Array, expectedVersion: number, expiresAtEpochSeconds?: number): Promise<void> {
    await super.write(key, bytes, expectedVersion);
    this.#expiries.set(key, expiresAtEpochSeconds);
  }

  /** Copies what is not to be forgotten by a time, in milliseconds since the epoch, into an empty store. */
  async copyTo(target: StateStore, now: number): Promise<void> {
    const kept = [...this.#expiries].filter(([, expiry = Infinity]) => expiry * 1000 > now);
    for (let start = 0; start < kept.length; start += writesAtOnce) {
      const some = kept.slice(start, start + writesAtOnce);
      const items = await this.read(some.map(([key]) => key));
      await Promise.all(some.map(([key, expiry]) => target.write(key, items.get(key)?.bytes ?? new Uint8Array(), 0, expiry)));
    }
  }
}

/**
 * Learns from files without saying anything and puts what was learned into a store.
 * @returns the number of events.
 */
export async function learn(paths: readonly string[], target: StateStore, options: { cluster: string; until: number; progress: Progress }): Promise<number> {
  const { cluster, until, progress } = options;
  const state = new CopyableStateStore();
  const engine = new Engine({ state, findings: new MemoryFindingStore() }, { learnUntilEpochMs: until });
  const files = await AuditFiles.open(paths);
  for await (const delivery of cutDeliveries(files.events(), cluster, hugeDelivery)) {
    await engine.process(delivery);
    progress.show(files.fraction, 'learning');
  }
  await state.copyTo(target, until);
  progress.clear();
  return files.counts.events;
}
