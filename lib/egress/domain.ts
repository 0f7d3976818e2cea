import { getDomain } from 'tldts';

const maxLength = 1024;

/**
 * Gives the part of a DNS name that somebody has registered, by the public suffix list: `example.co.uk` of
 * `a.b.example.co.uk`. Names that customers get from a provider count as registered: `shop.github.io`. `undefined` for an
 * address, a single label, and a suffix itself.
 * Source: https://publicsuffix.org/list/
 */
export function registeredDomain(name: string): string | undefined {
  if (name.length > maxLength || name.includes('..')) return undefined;
  return getDomain(name, { allowPrivateDomains: true, validateHostname: false, extractHostname: false })?.toLowerCase() ?? undefined;
}
