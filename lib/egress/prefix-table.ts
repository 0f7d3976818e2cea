import ipaddr from 'ipaddr.js';

/** Finds values by the address ranges they were given for: all that an address lies in. */
export class PrefixTable<Value> {
  /** By family and prefix length, by the range's first bits, as text since IPv6 exceeds a double. */
  readonly #ranges = new Map<string, Map<string, Value[]>>();

  /** Adds a value for a range (`203.0.113.0/24`) or a single address. `false` when the text is neither. */
  add(range: string, value: Value): boolean {
    const [address = '', length, more] = range.trim().split('/');
    const bytes = bytesOf(address);
    if (!bytes || more !== undefined || (length !== undefined && !/^\d{1,3}$/.test(length))) return false;
    const bits = length === undefined ? bytes.length * 8 : Number(length);
    if (bits > bytes.length * 8) return false;
    const family = `${String(bytes.length)}/${String(bits)}`;
    const ranges = this.#ranges.get(family) ?? new Map<string, Value[]>();
    this.#ranges.set(family, ranges);
    const first = firstBits(bytes, bits);
    const values = ranges.get(first);
    if (values) values.push(value);
    else ranges.set(first, [value]);
    return true;
  }

  /** Gives the values of all ranges that an address lies in; none for a text that is no address. */
  find(address: string): Value[] {
    const bytes = bytesOf(address);
    if (!bytes) return [];
    const found: Value[] = [];
    for (const [family, ranges] of this.#ranges) {
      const [size, bits] = family.split('/').map(Number);
      if (size === bytes.length) found.push(...(ranges.get(firstBits(bytes, bits ?? 0)) ?? []));
    }
    return found;
  }

  get isEmpty(): boolean {
    return this.#ranges.size === 0;
  }
}

function bytesOf(address: string): readonly number[] | undefined {
  const isWhole = address.includes(':') ? ipaddr.IPv6.isValid(address) : ipaddr.IPv4.isValidFourPartDecimal(address);
  return isWhole ? ipaddr.process(address).toByteArray() : undefined;
}

function firstBits(bytes: readonly number[], bits: number): string {
  const whole = bits >> 3;
  const rest = bits & 7;
  const first = String.fromCharCode(...bytes.slice(0, whole));
  return rest === 0 ? first : first + String.fromCharCode((bytes[whole] ?? 0) & (0xff << (8 - rest)));
}
