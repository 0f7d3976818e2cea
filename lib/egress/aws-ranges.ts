import * as z from 'zod';
import { PrefixTable } from './prefix-table.ts';
import { parseJson } from '../text.ts';

/** Source: https://docs.aws.amazon.com/vpc/latest/userguide/aws-ip-ranges.html */
const rangesSchema = z.object({
  prefixes: z.array(z.object({ ip_prefix: z.string().max(50), service: z.string().max(64), region: z.string().max(64) })),
  ipv6_prefixes: z.array(z.object({ ipv6_prefix: z.string().max(50), service: z.string().max(64), region: z.string().max(64) })).catch([]),
});

/** A service of AWS that an address belongs to. */
export interface AwsService {
  /** As AWS names it: `S3`, `EC2`, `CLOUDFRONT`, …; `AMAZON` for all that have no name of their own. */
  readonly service: string;
  readonly region: string;
}

/** The ranges of all services of AWS. */
export type AwsRanges = PrefixTable<AwsService>;

/** A file is not AWS's list of address ranges. */
export class UnreadableRangesError extends Error {
  override readonly name = 'UnreadableRangesError' as const;
}

/**
 * Reads AWS's list of its address ranges, `ip-ranges.json`.
 * @throws {UnreadableRangesError} when the text is none.
 */
export function readAwsRanges(text: string): AwsRanges {
  const json = parseJson(text);
  if (json === undefined) throw new UnreadableRangesError('the file is no JSON');
  const parsed = rangesSchema.safeParse(json);
  if (!parsed.success) throw new UnreadableRangesError('the file is no ip-ranges.json of AWS');
  const table: AwsRanges = new PrefixTable();
  const entries = [...parsed.data.prefixes.map(({ ip_prefix, ...of }) => ({ range: ip_prefix, of })), ...parsed.data.ipv6_prefixes.map(({ ipv6_prefix, ...of }) => ({ range: ipv6_prefix, of }))];
  for (const { range, of } of entries) if (!table.add(range, of)) throw new UnreadableRangesError('the file has a range that is none');
  return table;
}

/** Ranges that say only that Amazon or some customer of it has the address. */
const unspecific = ['EC2', 'AMAZON'];

/** Whether a service has a name of its own: the others' ranges say nothing of who answers there. */
export function isNamed({ service }: AwsService): boolean {
  return !unspecific.includes(service);
}

/**
 * Gives the service that an address belongs to. The lists overlap: all is `AMAZON` too, and some services lie in
 * `EC2`'s ranges; the one that says most is given.
 */
export function awsServiceOf(ranges: AwsRanges, address: string): AwsService | undefined {
  const found = ranges.find(address);
  return found.find(isNamed) ?? found.find(({ service }) => service === 'EC2') ?? found[0];
}
