/**
 * A 53-bit hash of a text, well spread, not cryptographic: it fits a double exactly. Two rounds of multiply and mix
 * after MurmurHash3's finalizer (Appleby, https://github.com/aappleby/smhasher).
 */
export function hash53(text: string): number {
  let one = 0xdeadbeef;
  let other = 0x41c6ce57;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    one = Math.imul(one ^ code, 0x9e3779b1);
    other = Math.imul(other ^ code, 0x5f356495);
  }
  one = Math.imul(one ^ (one >>> 16), 0x85ebca6b) ^ Math.imul(other ^ (other >>> 13), 0xc2b2ae35);
  other = Math.imul(other ^ (other >>> 16), 0x85ebca6b) ^ Math.imul(one ^ (one >>> 13), 0xc2b2ae35);
  return 0x100000000 * (0x1fffff & other) + (one >>> 0);
}

/** The hash's lower 32 bits: enough where a few hundred are kept side by side. */
export function hash32(text: string): number {
  return hash53(text) % 0x100000000;
}
