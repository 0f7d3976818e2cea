import { hash32 } from '../hash.ts';

/** Hashes kept: up to so many distinct items the count is exact, above it within about an eighth. */
export const sketchSize = 64;

/**
 * Counts distinct items in bounded memory: keeps the smallest hashes seen, sorted. Adding an item twice or in
 * another order gives the same sketch. Source: Bar-Yossef et al., "Counting distinct elements in a data
 * stream" (RANDOM 2002), the k minimum values.
 */
export type DistinctSketch = number[];

/** Adds an item. `true` when the sketch changed. */
export function addDistinct(sketch: DistinctSketch, item: string): boolean {
  return addHash(sketch, hash32(item));
}

/** Estimates how many distinct items were added: exact below `sketchSize`. */
export function countDistinct(sketch: DistinctSketch): number {
  const largest = sketch[sketchSize - 1];
  if (largest === undefined) return sketch.length;
  return Math.max(sketchSize, Math.round(((sketchSize - 1) * 2 ** 32) / (largest + 1)));
}

/** Adds an item by its `hash32`. `true` when the sketch changed. */
export function addHash(sketch: DistinctSketch, hash: number): boolean {
  if (sketch.length === sketchSize && hash >= (sketch[sketchSize - 1] ?? 0)) return false;
  let low = 0;
  let high = sketch.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sketch[middle] ?? 0) < hash) low = middle + 1;
    else high = middle;
  }
  if (sketch[low] === hash) return false;
  sketch.splice(low, 0, hash);
  if (sketch.length > sketchSize) sketch.pop();
  return true;
}
