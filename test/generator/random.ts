import { hash32 } from '../../lib/hash.ts';

/** A small seeded source of randomness (mulberry32). The same seed always gives the same draws. */
export class Random {
  readonly #seed: string;
  #state: number;

  constructor(seed: string) {
    this.#seed = seed;
    this.#state = hash32(seed);
  }

  /** An independent source for a part, so that drawing more in one part leaves the others as they are. */
  fork(part: string): Random {
    return new Random(`${this.#seed}/${part}`);
  }

  /** From 0 to just below 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number, both ends included. */
  int(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  between(least: number, most: number): number {
    return least + this.next() * (most - least);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** Waiting time of events that come at random. */
  wait(mean: number): number {
    return -mean * Math.log(1 - this.next());
  }

  pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.next() * items.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }

  /** So many different ones, in random order; all when there are fewer. */
  some<T>(items: readonly T[], count: number): T[] {
    const left = [...items];
    const chosen: T[] = [];
    while (chosen.length < count && left.length > 0) chosen.push(...left.splice(Math.floor(this.next() * left.length), 1));
    return chosen;
  }

  /** One by its weight. */
  weighted<T>(items: readonly (readonly [T, number])[]): T {
    let left = this.next() * items.reduce((sum, [, weight]) => sum + weight, 0);
    const found = items.find(([, weight]) => (left -= weight) < 0) ?? items[0];
    if (found === undefined) throw new RangeError('nothing to pick from');
    return found[0];
  }

  /** Of a list, the first ones far more often than the last: how people choose among what is theirs. */
  favourite<T>(items: readonly T[]): T {
    return this.weighted(items.map((item, index) => [item, 1 / (index + 1) ** 1.5] as const));
  }

  letters(alphabet: string, count: number): string {
    return Array.from({ length: count }, () => alphabet.charAt(this.int(0, alphabet.length - 1))).join('');
  }

  hex(count: number): string {
    return this.letters('0123456789abcdef', count);
  }

  /** The ending Kubernetes gives to generated names. */
  suffix(): string {
    return this.letters('bcdfghjklmnpqrstvwxz2456789', 5);
  }

  uuid(): string {
    return `${this.hex(8)}-${this.hex(4)}-4${this.hex(3)}-${this.letters('89ab', 1)}${this.hex(3)}-${this.hex(12)}`;
  }
}
