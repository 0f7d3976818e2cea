import ipaddr from 'ipaddr.js';

/** Where a request came from, as far as its address tells. */
export interface Network {
  /** The address's block (/24 of IPv4, /16 where it is private, since pods move within it; /48 of IPv6), or `unknown`. */
  readonly block: string;
  /** `public` when the address is routed on the internet; a private one belongs to the cluster or the company. */
  readonly scope: 'private' | 'public' | 'unknown';
}

/** Ranges that are not routed on the internet, by ipaddr.js's names. */
const insideRanges = new Set(['private', 'loopback', 'linkLocal', 'uniqueLocal', 'carrierGradeNat']);
const unknown: Network = { block: 'unknown', scope: 'unknown' };
const cacheSize = 20_000;
const cache = new Map<string, Network>();

/** Gives the network of an address; one that cannot be read is `unknown`. */
export function networkOf(address: string | undefined): Network {
  if (address === undefined) return unknown;
  const cached = cache.get(address);
  if (cached) return cached;
  const network = readNetwork(address);
  if (cache.size >= cacheSize) cache.clear();
  cache.set(address, network);
  return network;
}

function readNetwork(address: string): Network {
  if (!ipaddr.isValid(address)) return unknown;
  const parsed = ipaddr.process(address);
  const isPublic = !insideRanges.has(parsed.range());
  const bits = parsed.kind() === 'ipv6' ? 48 : isPublic ? 24 : 16;
  const block = ipaddr.parseCIDR(`${parsed.toString()}/${String(bits)}`);
  const base = parsed.kind() === 'ipv4' ? ipaddr.IPv4.networkAddressFromCIDR(block.join('/')) : ipaddr.IPv6.networkAddressFromCIDR(block.join('/'));
  return { block: `${base.toString()}/${String(bits)}`, scope: isPublic ? 'public' : 'private' };
}
