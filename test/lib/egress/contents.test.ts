import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { contentOf } from '../../../lib/egress/contents.ts';
import { defaultFields } from '../../../lib/egress/flow-fields.ts';
import { auditRecord } from '../requests.ts';

const flow = '2 123456789012 eni-0a1b 10.0.1.5 203.0.113.9 40000 443 6 20 4249 1790000000 1790000060 ACCEPT OK';
const query = '{"version":"1.100000","query_timestamp":"2026-03-02T09:00:00Z","query_name":"example.com.","query_type":"A","srcaddr":"10.0.1.5"}';
const records = { audit: auditRecord(), flow, query, 'flow-header': defaultFields.join(' ') } as const;

describe.each(Object.entries(records))('knows %s', (kind, record) => {
  test.each<[string, (text: string) => string]>([
    ['as it is', (text) => text],
    ['with space around it', (text) => `  ${text}\r\n`],
    ['as the message of a log event', (text) => JSON.stringify({ logStreamName: 'eni-0a1b-all', timestamp: 1, message: text, eventId: '37' })],
    ['as an answer of a query of logs', (text) => JSON.stringify({ '@timestamp': 'x', '@message': text })],
    ['with a time before it', (text) => `2026-03-02T09:00:00.000Z ${text}`],
    ['with a time and a stream before it', (text) => `2026-03-02T09:00:00.000Z eni-0a1b-all ${text}`],
  ])('%s', (_, around) => {
    expect(contentOf(around(record))).toEqual({ kind, record });
  });
});

test('believes no text within a record', () => {
  expect(contentOf(auditRecord({ userAgent: query, query_name: 'x' })).kind).toBe('audit');
  expect(contentOf(JSON.stringify({ log: auditRecord() })).kind).toBe('other');
});

describe('knows no other', () => {
  test.each(['', 'hello', '{}', '[]', '5', '{"kind":"Event"}', '{"kind":"Event","apiVersion":"v1"}', '{"message":5}', `${flow} x`, '{"query_name":"x"}', 'I1102 10:00:00 1 scheduler.go:5] started'])('%s', (text) => {
    expect(contentOf(text)).toEqual({ kind: 'other' });
  });

  test('and breaks on none', () => {
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (text) => { expect(contentOf(text).kind).toBe('other'); }));
  });
});
