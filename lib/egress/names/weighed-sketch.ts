import { hash32 } from '../../hash.ts';

/** An item weighs at most so much. */
export const maxWeight = 63;
const weights = maxWeight + 1;

/**
 * Sums the weights of distinct items in bounded memory: a sample of them, the smallest hashes, each with its weight in its
 * last six bits. An item added twice or in another order gives the same. After Bar-Yossef et al., as
 * `lib/baseline/distinct.ts`.
 */
export type WeighedSketch = number[];

/** Adds an item with a weight from 0 to `maxWeight`, to a sketch that keeps so many. `true` when the sketch changed. */
export function addWeighed(sketch: WeighedSketch, item: string, { weight, size }: { weight: number; size: number }): boolean {
  const entry = hash32(item) * weights + Math.min(maxWeight, Math.max(0, Math.round(weight)));
  if (sketch.includes(entry)) return false;
  const after = sketch.findIndex((other) => other > entry);
  if (after < 0 && sketch.length >= size) return false;
  sketch.splice(after < 0 ? sketch.length : after, 0, entry);
  if (sketch.length > size) sketch.pop();
  return true;
}

/** Estimates how many distinct items were added to a sketch that keeps so many, and the sum of their weights: exact below that. */
export function weigh(sketch: WeighedSketch, size: number): { readonly items: number; readonly weight: number } {
  const kept = sketch.reduce((sum, entry) => sum + (entry % weights), 0);
  const largest = sketch[size - 1];
  if (largest === undefined) return { items: sketch.length, weight: kept };
  const items = Math.max(size, ((size - 1) * 2 ** 32) / (Math.floor(largest / weights) + 1));
  return { items: Math.round(items), weight: (items * kept) / size };
}
