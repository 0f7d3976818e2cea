import * as z from 'zod';
import { changeItem } from '../engine/contention.ts';
import { clustersKey, metClustersKey } from '../engine/state-keys.ts';
import { hash32 } from '../hash.ts';
import type { StateStore } from '../store.ts';

const schema = z.array(z.string());
/** Clusters that were met are in so many lists, so that a new one is a small write however many there are, and seldom meets another. */
const lists = 64;
/** Of a list; all together have room for some thousand clusters. Further ones are taken in all the same, and not watched. */
const maxBytes = 8000;

/** Gives all clusters that are watched: those that the deployment names, its canaries, and those that were met. */
export async function knownClusters(state: StateStore): Promise<string[]> {
  const keys = [clustersKey, ...Array.from({ length: lists }, (_, list) => metClustersKey(list))];
  const items = await state.read(keys);
  return [...new Set(keys.flatMap((key) => decode(items.get(key)?.bytes)))];
}

/** Notes which clusters a deployment names. */
export async function nameClusters(state: StateStore, clusters: readonly string[]): Promise<void> {
  await changeList(state, clustersKey, () => clusters);
}

/**
 * Has a cluster be watched that something came from.
 * @returns this and some others that are watched.
 * @throws {ContentionError} when others were first each time; and whatever the store throws.
 */
export async function meetCluster(state: StateStore, cluster: string): Promise<readonly string[]> {
  return await changeList(state, listOf(cluster), (met) => {
    const more = [...met, cluster];
    return met.includes(cluster) || encode(more).length > maxBytes ? met : more;
  });
}

/** Has a cluster that was met no longer be watched, until something comes from it again. `false` when it was not met. */
export async function forgetCluster(state: StateStore, cluster: string): Promise<boolean> {
  let wasMet = false;
  await changeList(state, listOf(cluster), (met) => {
    wasMet = met.includes(cluster);
    return met.filter((one) => one !== cluster);
  });
  return wasMet;
}

function listOf(cluster: string): string {
  return metClustersKey(hash32(cluster) % lists);
}

/** Changes a list, on whatever others write meanwhile; nothing is written when it stays as it is. */
async function changeList(state: StateStore, key: string, change: (clusters: readonly string[]) => readonly string[]): Promise<readonly string[]> {
  let clusters: readonly string[] = [];
  await changeItem(state, key, (bytes) => {
    const before = decode(bytes);
    clusters = change(before);
    const changed = encode(clusters);
    return changed.equals(encode(before)) ? undefined : changed;
  });
  return clusters;
}

function encode(clusters: readonly string[]): Buffer {
  return Buffer.from(JSON.stringify(clusters));
}

function decode(bytes: Uint8Array | undefined): string[] {
  return bytes ? schema.parse(JSON.parse(Buffer.from(bytes).toString())) : [];
}
