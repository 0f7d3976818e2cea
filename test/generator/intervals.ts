/** Two-sided 95 %. */
const z = 1.96;

/** Wilson's interval of a share. */
export function shareInterval(hits: number, of: number): [number, number] {
  if (of === 0) return [0, 1];
  const share = hits / of;
  const middle = (share + z ** 2 / (2 * of)) / (1 + z ** 2 / of);
  const half = (z * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2))) / (1 + z ** 2 / of);
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

/** The interval of a rate from a count, by Byar's approximation to the exact Poisson limits. */
export function rateInterval(count: number, per: number): [number, number] {
  const limit = (of: number, sign: number): number => of * (1 - 1 / (9 * of) + (sign * z) / (3 * Math.sqrt(of))) ** 3;
  return [count === 0 ? 0 : limit(count, -1) / per, limit(count + 1, 1) / per];
}
