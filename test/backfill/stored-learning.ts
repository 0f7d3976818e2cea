import { decodeLearning, type Learning } from '../../lib/backfill/learning.ts';
import { learningKey } from '../../lib/engine/state-keys.ts';
import type { StateStore } from '../../lib/store.ts';

/** How far the learning of a cluster's history has come; `undefined` while there is none. */
export async function readLearning(state: StateStore, cluster: string): Promise<Learning | undefined> {
  const key = learningKey(cluster);
  const item = (await state.read([key])).get(key);
  return item && decodeLearning(item.bytes);
}
