import * as z from 'zod';
import { ContentionError, maxAttempts } from '../engine/contention.ts';
import { clustersKey } from '../engine/state-keys.ts';
import { ConflictError, type StateStore } from '../store.ts';

const schema = z.array(z.string());
/** An item has room for 400 KB; that is some thousand clusters. Further ones are taken in all the same, and not watched. */
const maxBytes = 350_000;

/** Gives the clusters that a deployment watches, and its canaries. */
export async function knownClusters(state: StateStore): Promise<string[]> {
  return (await readKnown(state)).clusters;
}

/**
 * Changes which clusters are watched, on whatever others write meanwhile. Nothing is written when it stays as it is, or when there would be
 * more than an item has room for.
 * @returns which are watched then.
 * @throws {ContentionError} when others were first each time; and whatever the store throws.
 */
export async function changeKnownClusters(state: StateStore, change: (clusters: readonly string[]) => readonly string[]): Promise<readonly string[]> {
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const { clusters, version } = await readKnown(state);
    const changed = change(clusters);
    const bytes = Buffer.from(JSON.stringify(changed));
    if (bytes.equals(Buffer.from(JSON.stringify(clusters)))) return clusters;
    if (bytes.length > maxBytes && changed.length > clusters.length) return clusters;
    try {
      await state.write(clustersKey, bytes, version);
      return changed;
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
    }
  }
  throw new ContentionError(clustersKey);
}

/**
 * Has a cluster be watched that something came from.
 * @returns which are watched then.
 */
export async function meetCluster(state: StateStore, cluster: string): Promise<readonly string[]> {
  return await changeKnownClusters(state, (clusters) => (clusters.includes(cluster) ? clusters : [...clusters, cluster]));
}

/** Has a cluster no longer be watched, until something comes from it again. `false` when it was not. */
export async function forgetCluster(state: StateStore, cluster: string): Promise<boolean> {
  let wasKnown = false;
  await changeKnownClusters(state, (clusters) => {
    wasKnown = clusters.includes(cluster);
    return clusters.filter((one) => one !== cluster);
  });
  return wasKnown;
}

async function readKnown(state: StateStore): Promise<{ clusters: string[]; version: number }> {
  const item = (await state.read([clustersKey])).get(clustersKey);
  return { clusters: item ? schema.parse(JSON.parse(Buffer.from(item.bytes).toString())) : [], version: item?.version ?? 0 };
}
