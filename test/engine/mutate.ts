/** A seeded generator of numbers in [0, 1): a run can be repeated. Source: Marsaglia, "Xorshift RNGs" (2003). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

type Random = () => number;
type Node = Record<string, unknown>;

const pick = <Item>(random: Random, items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as unknown;

/** Texts that programs stumble over. */
const texts = ['', ' ', '\u0000', '\u001b[2J\r\n', '\ud800', 'a\udfffb', '\u202ereversed', '\u200b\ufeff', '👩‍👩‍👧‍👦'.repeat(50), 'Ω\ufffe', '__proto__', 'constructor', 'a|b|c', '../../etc', '%00%ff%', '$(id)', 'x'.repeat(3000), '字'.repeat(3000)];
const values: readonly unknown[] = [null, true, false, 0, -1, 1.5, 2 ** 63, -(2 ** 63), 1e308, 5e-324, [], {}, [[]], [null], { toString: null }, ['a', 1], Array.from({ length: 500 }, (_, index) => index), nested(1500)];
const times = ['1970-01-01T00:00:00Z', '2099-12-31T23:59:59.999999Z', '9999-99-99T99:99:99Z', '2026-10-14', 'yesterday', '2026-10-14T09:00:00+14:00', '2016-02-29T00:00:00Z'];

/** One way to break a record, given parsed and as text. */
type Mutation = (record: Node, random: Random) => string;

const mutations: readonly Mutation[] = [
  (record) => JSON.stringify(record),
  (record, random) => JSON.stringify(record).slice(0, Math.floor(random() * 1500)),
  flipBits,
  (record, random) => changed(record, random, (holder, key) => { holder[key] = pick(random, values); }),
  (record, random) => changed(record, random, (holder, key) => { holder[key] = pick(random, texts); }),
  (record, random) => changed(record, random, (holder, key) => { Reflect.deleteProperty(holder, key); }),
  (record, random) => changed(record, random, (holder, key) => { holder[key] = [holder[key], holder[key]]; }),
  (record, random) => changed(record, random, (holder) => { holder[pick(random, texts)] = pick(random, [...values, ...texts]); }),
  (record, random) => JSON.stringify({ ...record, [pick(random, ['requestReceivedTimestamp', 'stageTimestamp'])]: pick(random, times) }),
  (record, random) => JSON.stringify(record).replace('{', `{"__proto__":{"verb":"x"},"constructor":${JSON.stringify(pick(random, values))},`),
  (record, random) => JSON.stringify(record).replace('{', `{"verb":${JSON.stringify(pick(random, [...values, ...texts]))},`),
  (record, random) => JSON.stringify(record).replace('"user":{', `"user":{"extra":{"arn":[${JSON.stringify(pick(random, texts))}]},"username":${JSON.stringify(pick(random, texts))},`),
  (record, random) => JSON.stringify(record).replace('200', pick(random, ['9223372036854775807', '-18446744073709551616', '1e999', '0x10', '00', '2.5'])),
  (record, random) => (random() < 0.01 ? JSON.stringify({ ...record, [`key ${'k'.repeat(100_000)}`]: 1, annotations: { ['n'.repeat(100_000)]: 1 } }) : JSON.stringify(record).toUpperCase()),
  (record, random) => pick(random, ['', 'null', '[]', '"text"', '{', '{}', '\u0000', '[1', JSON.stringify([record])]),
];

/** Breaks a record in one of many ways, or leaves it. */
export function mutate(text: string, random: Random): string {
  return pick(random, mutations)(JSON.parse(text) as Node, random);
}

function flipBits(record: Node, random: Random): string {
  const bytes = Buffer.from(JSON.stringify(record));
  for (let flips = 1 + Math.floor(random() * 4); flips > 0; flips--) {
    const at = Math.floor(random() * bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
  }
  return bytes.toString();
}

/** Changes a record at one place, however deep. */
function changed(record: Node, random: Random, change: (holder: Node, key: string) => void): string {
  const places: [Node, string][] = [];
  const visit = (holder: Node): void => {
    for (const [key, value] of Object.entries(holder)) {
      places.push([holder, key]);
      if (typeof value === 'object' && value !== null) visit(value as Node);
    }
  };
  visit(record);
  change(...pick(random, places));
  return JSON.stringify(record);
}
