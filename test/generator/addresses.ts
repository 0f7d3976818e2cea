import type { Random } from './random.ts';

const special = new Set([0, 10, 100, 127, 169, 172, 192, 198, 203, 240]);

/** A /24 somewhere on the internet, as `81.23.7`. */
export function publicBlock(random: Random): string {
  let first = random.int(13, 220);
  while (special.has(first) || first >= 224) first = random.int(13, 220);
  return `${String(first)}.${String(random.int(0, 255))}.${String(random.int(0, 255))}`;
}

export function within(random: Random, block: string): string {
  return `${block}.${String(random.int(1, 254))}`;
}

/** Somewhere on the internet; now and then by IPv6. */
export function anywhere(random: Random): string {
  return random.chance(0.1) ? `2a0${random.hex(1)}:${random.hex(4)}:${random.hex(4)}::${random.hex(3)}` : within(random, publicBlock(random));
}

/** An address of a hosting company, as hired by attackers or by a pipeline's host: another one each time. */
export function hosted(random: Random, blocks: readonly string[]): string {
  return within(random, random.pick(blocks));
}
