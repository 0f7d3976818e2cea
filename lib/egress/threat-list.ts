import { PrefixTable } from './prefix-table.ts';
import { bundleOf, indicatorsOf, type Bundle } from './stix.ts';

const domainName = /^(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]{2,63}$/;
/** An entry so wide would name a good part of the internet: a slip of the pen. */
const leastBits = { ipv4: 8, ipv6: 16 };

/** Addresses and domains known to be bad, as somebody has given them. */
export class ThreatList {
  /** Entries that were neither. */
  notUsed = 0;
  readonly #addresses = new PrefixTable<string>();
  readonly #domains = new Set<string>();
  #entries = 0;

  /** Entries that are used. */
  get size(): number {
    return this.#entries;
  }

  /**
   * Adds a list: plain text with an address, a range as CIDR or a domain a line, `#` before remarks; or a STIX 2.1 bundle,
   * of which what is valid at a time (milliseconds since the epoch) is taken.
   */
  add(text: string, at: number): void {
    const bundle = bundleOf(text);
    if (bundle) this.#addIndicators(bundle, at);
    else for (const line of text.split(/\r?\n/)) this.#addLine(line);
  }

  /** Gives the entry that an address lies in. */
  addressEntry(address: string): string | undefined {
    return this.#addresses.isEmpty ? undefined : this.#addresses.find(address)[0];
  }

  /** Gives the entry that a DNS name is, or is below. */
  domainEntry(name: string): string | undefined {
    if (this.#domains.size === 0) return undefined;
    for (let at = 0, rest = name; ; rest = name.slice(at)) {
      if (this.#domains.has(rest)) return rest;
      const dot = name.indexOf('.', at);
      if (dot < 0) return undefined;
      at = dot + 1;
    }
  }

  #addIndicators(bundle: Bundle, at: number): void {
    const { addresses, domains, notUsed } = indicatorsOf(bundle, at);
    this.notUsed += notUsed;
    for (const address of addresses) this.#count(this.#addAddress(address));
    for (const domain of domains) this.#count(this.#addDomain(domain));
  }

  #addLine(line: string): void {
    const entry = line.replace(/#.*/, '').trim();
    if (entry !== '') this.#count(this.#addAddress(entry) || this.#addDomain(entry));
  }

  #count(isUsed: boolean): void {
    if (isUsed) this.#entries += 1;
    else this.notUsed += 1;
  }

  #addAddress(entry: string): boolean {
    const bits = /\/(\d+)$/.exec(entry)?.[1];
    const least = entry.includes(':') ? leastBits.ipv6 : leastBits.ipv4;
    return (bits === undefined || Number(bits) >= least) && this.#addresses.add(entry, entry);
  }

  #addDomain(entry: string): boolean {
    const name = entry.toLowerCase().replace(/\.$/, '');
    if (name.length > 253 || !domainName.test(name) || /^[\d.]+$/.test(name)) return false;
    this.#domains.add(name.replace(/^\*\./, ''));
    return true;
  }
}
