import * as z from 'zod';
import { parseJson } from '../text.ts';

/** What of a STIX indicator is read. Source: https://docs.oasis-open.org/cti/stix/v2.1/stix-v2.1.html (4.7) */
const indicatorSchema = z.object({
  type: z.literal('indicator'),
  pattern: z.string().max(100_000),
  pattern_type: z.string().optional(),
  valid_until: z.string().max(40).optional(),
  revoked: z.boolean().optional(),
});
const bundleSchema = z.object({ type: z.literal('bundle'), objects: z.array(z.unknown()) });

/** Addresses, ranges and domains that indicators name. */
export interface Indicators {
  readonly addresses: readonly string[];
  readonly domains: readonly string[];
  /** Indicators of other things, such as files, or with patterns that more than one thing must meet. */
  readonly notUsed: number;
}

/** A STIX bundle, its objects not yet looked at. */
export type Bundle = z.output<typeof bundleSchema>;

/** Reads a STIX bundle; `undefined` when the text is none. */
export function bundleOf(text: string): Bundle | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  return bundleSchema.safeParse(parseJson(text)).data;
}

/**
 * Reads the indicators of a STIX 2.1 bundle: patterns that compare an address's or a domain name's value, any of which
 * is enough. Those revoked or no longer valid at a time (milliseconds since the epoch) are left out.
 */
export function indicatorsOf(bundle: Bundle, at: number): Indicators {
  const addresses: string[] = [];
  const domains: string[] = [];
  let notUsed = 0;
  for (const object of bundle.objects) {
    const { data: indicator } = indicatorSchema.safeParse(object);
    if (!indicator || indicator.revoked === true || Date.parse(indicator.valid_until ?? '') <= at) continue;
    const isStix = (indicator.pattern_type ?? 'stix') === 'stix';
    const compared = isStix ? comparisonsOf(indicator.pattern) : undefined;
    if (!compared) notUsed += 1;
    for (const { type, value } of compared ?? []) (type === 'domain-name' ? domains : addresses).push(value);
  }
  return { addresses, domains, notUsed };
}

interface Comparison {
  readonly type: 'ipv4-addr' | 'ipv6-addr' | 'domain-name';
  readonly value: string;
}

/** A piece of a pattern: brackets and OR; or a comparison with a text, a range or a list of texts. */
const piece = /\s*(?:([[\]()]|OR\b)|(ipv4-addr|ipv6-addr|domain-name):value\s*(?:=|ISSUBSET|IN)\s*(\(\s*'[^'\\]*'(?:\s*,\s*'[^'\\]*')*\s*\)|'[^'\\]*'))/y;

/**
 * Gives what a pattern compares, when each comparison alone is enough; `undefined` for all other patterns.
 * Source: https://docs.oasis-open.org/cti/stix/v2.1/stix-v2.1.html (9)
 */
function comparisonsOf(pattern: string): Comparison[] | undefined {
  const found: Comparison[] = [];
  piece.lastIndex = 0;
  const end = pattern.trimEnd().length;
  while (piece.lastIndex < end) {
    const match = piece.exec(pattern);
    if (!match) return undefined;
    const [, , type, values] = match;
    for (const [, value = ''] of (values ?? '').matchAll(/'([^']*)'/g)) found.push({ type: type as Comparison['type'], value });
  }
  return found.length === 0 ? undefined : found;
}
