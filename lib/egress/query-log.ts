import * as z from 'zod';
import { canonicalAddress } from './address.ts';
import { parseJson } from '../text.ts';

/** One look-up of a name by something in the VPC, as Route 53 Resolver logs it. */
export interface DnsQuery {
  /** In milliseconds since the epoch. */
  readonly time: number;
  /** Who asked: an instance's or a pod's address; on a cluster with its own DNS server that server's, for all who asked it. */
  readonly sourceAddress: string;
  /** In small letters, without the last dot; empty for the root. */
  readonly name: string;
  /** `A`, `TXT`, … */
  readonly type: string;
  /** `NOERROR`, `NXDOMAIN`, … */
  readonly responseCode: string;
  /** What was answered: addresses in their one form, names without the last dot, other data as it is. */
  readonly answers: readonly string[];
  /** Whether Route 53's DNS firewall kept the answer back. */
  readonly blocked: boolean;
  readonly vpcId: string;
  /** The EC2 instance that asked; empty when not told. */
  readonly instanceId: string;
}

const maxAnswers = 50;
/** A name has at most 253 characters, but four for each byte that is escaped (`\ddd`). */
const maxName = 1024;
const maxAnswer = 4096;

const short = z.string().max(64);
/** Source: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs-format.html */
const querySchema = z.object({
  query_timestamp: z.string().max(40),
  srcaddr: z.string().max(64),
  query_name: z.string().max(maxName),
  query_type: short,
  rcode: short.catch(''),
  answers: z.array(z.object({ Rdata: z.string().max(maxAnswer).catch('') })).nullish(),
  firewall_rule_action: short.nullish(),
  vpc_id: short.catch(''),
  srcids: z.object({ instance: short.nullish() }).nullish(),
});

/** A record of a query log cannot be read. Its message names the field, never the content. */
export class MalformedQueryRecordError extends Error {
  override readonly name = 'MalformedQueryRecordError' as const;
}

/**
 * Reads one record of a Route 53 Resolver query log.
 * @throws {MalformedQueryRecordError} when it is none.
 */
export function parseDnsQuery(text: string): DnsQuery {
  const json = parseJson(text);
  // The parser's own error quotes the record.
  if (json === undefined) throw new MalformedQueryRecordError('the record is no JSON');
  const parsed = querySchema.safeParse(json);
  if (!parsed.success) throw malformed(String(parsed.error.issues[0]?.path[0] ?? ''));
  const { query_timestamp, srcaddr, query_name, query_type, rcode, answers, firewall_rule_action, vpc_id, srcids } = parsed.data;
  const sourceAddress = canonicalAddress(srcaddr);
  if (sourceAddress === undefined) throw malformed('srcaddr');
  return {
    time: timeOf(query_timestamp),
    sourceAddress,
    name: nameOf(query_name),
    type: query_type.toUpperCase(),
    responseCode: rcode.toUpperCase(),
    answers: (answers ?? []).slice(0, maxAnswers).map(({ Rdata }) => canonicalAddress(Rdata) ?? withoutLastDot(Rdata)),
    blocked: firewall_rule_action === 'BLOCK',
    vpcId: vpc_id,
    instanceId: srcids?.instance ?? '',
  };
}

function timeOf(text: string): number {
  const time = Date.parse(text);
  if (!(time >= Date.UTC(2015, 0) && time < Date.UTC(2100, 0))) throw malformed('query_timestamp');
  return time;
}

function nameOf(name: string): string {
  return withoutLastDot(name.toLowerCase());
}

function withoutLastDot(name: string): string {
  return name.endsWith('.') ? name.slice(0, -1) : name;
}

function malformed(field: string): MalformedQueryRecordError {
  return new MalformedQueryRecordError(field === '' ? 'the record is no query' : `the query's field ${field} is missing or of another kind`);
}
