import ipaddr from 'ipaddr.js';

const maxLength = 45;
const cacheSize = 20_000;
const cache = new Map<string, string | undefined>();

/**
 * Gives the one way an address is written here: IPv6 in small letters and shortened (RFC 5952), an IPv4 address within
 * IPv6 as IPv4, so that all sources agree. `undefined` when the text is no address.
 */
export function canonicalAddress(text: string): string | undefined {
  if (text.length > maxLength) return undefined;
  if (cache.has(text)) return cache.get(text);
  if (cache.size >= cacheSize) cache.clear();
  const address = read(text);
  cache.set(text, address);
  return address;
}

function read(text: string): string | undefined {
  const isWhole = text.includes(':') ? ipaddr.IPv6.isValid(text) : ipaddr.IPv4.isValidFourPartDecimal(text);
  if (!isWhole || text.includes('%')) return undefined;
  return ipaddr.process(text).toString();
}
