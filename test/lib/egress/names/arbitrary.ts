import fc from 'fast-check';
import type { DnsQuery } from '../../../../lib/egress/query-log.ts';
import { day, queryAt } from './asker.ts';

const label = fc.oneof(fc.string({ unit: fc.constantFrom(...'abcdefxyz0123456789-_'), minLength: 1, maxLength: 60 }), fc.string({ unit: 'binary', maxLength: 10 }), fc.constantFrom('www', '__proto__', 'constructor', '_domainkey'));
const suffix = fc.constantFrom('com', 'evil.net', 'nanopool.org', 'oast.fun', 'onion', 'internal', 'co.uk', 'example.com', '__proto__', 'amazonaws.com', 'in-addr.arpa', '');
const name = fc.oneof(fc.tuple(fc.array(label, { maxLength: 5 }), suffix).map(([labels, end]) => [...labels, end].join('.').toLowerCase().slice(0, 1024)), fc.string({ unit: 'binary', maxLength: 100 }));
const answer = fc.oneof(fc.ipV4(), fc.ipV6(), fc.constantFrom('169.254.169.254', '10.0.0.7', 'fd00:ec2::254'), fc.string({ unit: 'binary', maxLength: 40 }));

/** Look-ups of all sorts, hostile ones among them, within three days and in no order. */
export const queries: fc.Arbitrary<DnsQuery[]> = fc.array(
  fc.record({ time: fc.nat(3 * day), name, type: fc.constantFrom('A', 'TXT', 'NULL', 'PTR', 'TYPE65399', ''), responseCode: fc.constantFrom('NOERROR', 'NXDOMAIN', 'SERVFAIL', ''), answers: fc.array(answer, { maxLength: 3 }), blocked: fc.boolean() })
    .map(({ time, name: asked, ...more }) => queryAt(6 * day + time, asked, more)),
  { maxLength: 60 },
);
