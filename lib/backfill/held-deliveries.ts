import { clusterPartsOf, isNamed } from '../cluster.ts';
import { clusterKey, heartbeatKey, learningKey } from '../engine/state-keys.ts';
import type { StateItem, StateStore } from '../store.ts';
import { decodeHeartbeat } from '../watch/heartbeat.ts';
import { decodeLearning, hasStopped, lastWorkIn, learningsCluster, newLearning, updateLearning } from './learning.ts';
import { minuteMs } from '../time.ts';

/** A learning that does not get on for so long is given to a worker anew. */
const askAgainMs = 10 * minuteMs;

/** Whether anything was learned of a cluster, or anything came from it. */
export async function isKnownCluster(state: StateStore, cluster: string): Promise<boolean> {
  return saysKnown(cluster, await state.read(knownBy(cluster)));
}

function knownBy(cluster: string): string[] {
  return [heartbeatKey(cluster), clusterKey(cluster)];
}

/** That a cluster is waited for does not make it known. */
function saysKnown(cluster: string, items: ReadonlyMap<string, StateItem>): boolean {
  const heartbeat = items.get(heartbeatKey(cluster));
  return items.has(clusterKey(cluster)) || (heartbeat !== undefined && decodeHeartbeat(heartbeat.bytes).newest !== undefined);
}

/** Whether a cluster's log can be read from here. */
function canBeRead(cluster: string, { clusters, elsewhere = false }: Backfill): boolean {
  return isNamed(cluster, clusters) || (elsewhere && clusterPartsOf(cluster).region !== undefined);
}

/** How histories are learned. */
export interface Backfill {
  /** Of these clusters, or of every one at home (`everyCluster`). */
  readonly clusters: readonly string[];
  /** Whether of those elsewhere too, as far as it is known where they are. */
  readonly elsewhere?: boolean;
  /** So far back, in milliseconds. */
  readonly historyMs: number;
  /** Asks for a worker, who may be asked for twice. */
  readonly ask: (cluster: string) => Promise<void>;
}

/**
 * Decides which deliveries are left to the learning of a cluster's history, so that nothing is scored before it is known what is
 * normal. The learning reads them from the log.
 */
export class HeldDeliveries {
  readonly #state: StateStore;
  readonly #backfill: Backfill | undefined;
  /** Clusters of which nothing is held any more. */
  readonly #free = new Set<string>();

  /** Without `backfill` none is begun; what a person has begun is waited for all the same. */
  constructor(state: StateStore, backfill?: Backfill) {
    this.#state = state;
    this.#backfill = backfill;
  }

  /**
   * Whether what is delivered of a cluster at a time, in milliseconds since the epoch, is left to the learning. Of a cluster that nothing
   * is known of a learning is begun.
   * @throws whatever the store throws, and the one who is asked for a worker; the same delivery can then be given again.
   */
  async holds(cluster: string, now: number): Promise<boolean> {
    if (this.#free.has(cluster)) return false;
    const items = await this.#state.read([learningKey(cluster), heartbeatKey(learningsCluster), ...knownBy(cluster)]);
    const item = items.get(learningKey(cluster));
    if (!item) {
      const isKnown = saysKnown(cluster, items);
      if (!isKnown && this.#backfill && canBeRead(cluster, this.#backfill)) return await this.#begin(cluster, now, this.#backfill);
      // Whoever knows nothing may be told of a learning later.
      if (isKnown) this.#free.add(cluster);
      return false;
    }
    const learning = decodeLearning(item.bytes);
    if (learning.phase !== 'learning') this.#free.add(cluster);
    const lastWork = lastWorkIn(items);
    if (learning.phase !== 'learning' || hasStopped(learning, now, lastWork)) return false;
    if (this.#backfill && now - Math.max(learning.progressAt, learning.askedAt, lastWork) > askAgainMs) await this.#askAgain(cluster, now, this.#backfill);
    return true;
  }

  async #begin(cluster: string, now: number, { historyMs, ask }: Backfill): Promise<boolean> {
    const { written } = await updateLearning(this.#state, cluster, (found) => (found ? undefined : newLearning(now, now - historyMs)));
    if (written) await ask(cluster);
    return true;
  }

  async #askAgain(cluster: string, now: number, { ask }: Backfill): Promise<void> {
    const { written } = await updateLearning(this.#state, cluster, (found) => (found && now - Math.max(found.progressAt, found.askedAt) > askAgainMs ? { ...found, askedAt: now } : undefined));
    if (written) await ask(cluster);
  }
}
