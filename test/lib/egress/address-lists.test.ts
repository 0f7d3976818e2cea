import { expect, test } from '@jest/globals';
import { awsRangesProblem, threatListProblem } from '../../../lib/egress/address-lists.ts';

const now = Date.parse('2026-03-02T09:00:00Z');
const indicator = (given: object) => JSON.stringify({ type: 'bundle', id: 'bundle--1', objects: [{ type: 'indicator', pattern: "[ipv4-addr:value = '203.0.113.9']", pattern_type: 'stix', ...given }] });

test.each<[string, string, string | undefined]>([
  ['a line', '203.0.113.9\n', undefined],
  ['one line among others that are of no use', 'hello world\n203.0.113.9', undefined],
  ['a bundle', indicator({}), undefined],
  ['nothing', '', 'the list has no address, range or domain that can be used'],
  ['remarks only', '# nothing yet\n', 'the list has no address, range or domain that can be used'],
  ['a page', '<!doctype html><p>Not found</p>', 'the list has no address, range or domain that can be used'],
  ['indicators that are over', indicator({ valid_until: '2026-03-01T00:00:00Z' }), 'the list has no address, range or domain that can be used'],
  ['half a bundle', indicator({}).slice(0, -9), 'the list begins as JSON and is no STIX 2.1 bundle'],
  ['other JSON', '{"addresses":["203.0.113.9"]}', 'the list begins as JSON and is no STIX 2.1 bundle'],
  ['far too much', '203.0.113.9\n'.repeat(2_000_000), 'the list has more than 20 MB'],
])('a threat list with %s', (_name, text, problem) => {
  expect(threatListProblem(text, now)).toBe(problem);
});

test('ranges of AWS are as AWS writes them', () => {
  expect(awsRangesProblem('{"prefixes":[{"ip_prefix":"52.216.0.0/15","region":"us-east-1","service":"S3"}]}')).toBeUndefined();
  expect(awsRangesProblem('{"prefixes":[')).toBe('the file is no JSON');
  expect(awsRangesProblem('{"ranges":[]}')).toBe('the file is no ip-ranges.json of AWS');
});
