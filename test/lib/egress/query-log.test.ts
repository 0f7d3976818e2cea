import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MalformedQueryRecordError, parseDnsQuery } from '../../../lib/egress/query-log.ts';

/** A record as the documentation shows it, with fields replaced; `undefined` leaves one out. */
function record(given: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    version: '1.100000', account_id: '123456789012', region: 'us-east-1', vpc_id: 'vpc-0a1b', query_timestamp: '2026-03-02T09:00:00Z', query_name: 'API.Example.com.', query_type: 'A',
    query_class: 'IN', rcode: 'NOERROR', answers: [{ Rdata: 'edge.example.net.', Type: 'CNAME', Class: 'IN' }, { Rdata: '203.0.113.9', Type: 'A', Class: 'IN' }],
    srcaddr: '10.0.1.5', srcport: '56067', transport: 'UDP', srcids: { instance: 'i-0123' }, ...given,
  });
}

describe('reads', () => {
  test('a query with its answers', () => {
    expect(parseDnsQuery(record())).toEqual({
      time: Date.parse('2026-03-02T09:00:00Z'), sourceAddress: '10.0.1.5', name: 'api.example.com', type: 'A', responseCode: 'NOERROR', answers: ['edge.example.net', '203.0.113.9'],
      blocked: false, vpcId: 'vpc-0a1b', instanceId: 'i-0123',
    });
  });

  test('a query without an answer, without an instance', () => {
    expect(parseDnsQuery(record({ rcode: 'NXDOMAIN', answers: [], srcids: {} }))).toMatchObject({ responseCode: 'NXDOMAIN', answers: [], instanceId: '' });
    expect(parseDnsQuery(record({ answers: undefined, srcids: undefined, vpc_id: undefined }))).toMatchObject({ answers: [], instanceId: '', vpcId: '' });
  });

  test('IPv6 in the one way', () => {
    expect(parseDnsQuery(record({ srcaddr: '2001:DB8::0:5', query_type: 'AAAA', answers: [{ Rdata: '2001:0db8::1' }] }))).toMatchObject({ sourceAddress: '2001:db8::5', answers: ['2001:db8::1'] });
  });

  test('what the firewall kept back', () => {
    expect(parseDnsQuery(record({ firewall_rule_action: 'BLOCK' })).blocked).toBe(true);
    expect(parseDnsQuery(record({ firewall_rule_action: 'ALERT' })).blocked).toBe(false);
  });

  test('the root', () => { expect(parseDnsQuery(record({ query_name: '.' })).name).toBe(''); });

  test('at most fifty answers', () => {
    expect(parseDnsQuery(record({ answers: Array.from({ length: 5000 }, () => ({ Rdata: '203.0.113.9' })) })).answers).toHaveLength(50);
  });
});

describe('refuses', () => {
  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['srcaddr', { srcaddr: 'secret' }],
    ['srcaddr', { srcaddr: undefined }],
    ['query_name', { query_name: 5 }],
    ['query_name', { query_name: 'x'.repeat(2000) }],
    ['query_timestamp', { query_timestamp: 'yesterday' }],
    ['query_timestamp', { query_timestamp: '1970-01-01T00:00:00Z' }],
    ['answers', { answers: 'secret' }],
  ])('another %s, and names the field', (field, given) => {
    expect(() => parseDnsQuery(record(given))).toThrow(new MalformedQueryRecordError(`the query's field ${field} is missing or of another kind`));
  });

  test('what is no query, by no other error', () => {
    expect(() => parseDnsQuery('{"query_name')).toThrow(new MalformedQueryRecordError('the record is no JSON'));
    fc.assert(fc.property(fc.oneof(fc.json(), fc.string({ unit: 'binary' })), (text) => { expect(() => parseDnsQuery(text)).toThrow(MalformedQueryRecordError); }));
  });
});
