import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readAwsRanges, UnreadableRangesError } from '../../../lib/egress/aws-ranges.ts';
import { Destinations, type Place } from '../../../lib/egress/destination.ts';

/** As AWS writes it: all ranges are AMAZON's too, and S3's lie in EC2's. */
const ipRanges = JSON.stringify({
  syncToken: '1', createDate: 'x',
  prefixes: [
    { ip_prefix: '52.216.0.0/15', region: 'us-east-1', service: 'AMAZON', network_border_group: 'us-east-1' },
    { ip_prefix: '52.216.0.0/15', region: 'us-east-1', service: 'EC2', network_border_group: 'us-east-1' },
    { ip_prefix: '52.216.0.0/15', region: 'us-east-1', service: 'S3', network_border_group: 'us-east-1' },
    { ip_prefix: '3.80.0.0/12', region: 'us-east-1', service: 'AMAZON', network_border_group: 'us-east-1' },
    { ip_prefix: '3.80.0.0/12', region: 'us-east-1', service: 'EC2', network_border_group: 'us-east-1' },
    { ip_prefix: '52.94.0.0/22', region: 'us-east-1', service: 'AMAZON', network_border_group: 'us-east-1' },
    { ip_prefix: '13.32.0.0/15', region: 'GLOBAL', service: 'CLOUDFRONT', network_border_group: 'GLOBAL' },
  ],
  ipv6_prefixes: [{ ipv6_prefix: '2600:1fa0:8000::/39', region: 'us-east-1', service: 'S3', network_border_group: 'us-east-1' }],
});
const aws = new Destinations({ aws: readAwsRanges(ipRanges), inside: ['198.18.0.0/15', '2600:1f18:1::/56'] });

describe('tells where it is', () => {
  test.each<[string, Place, string]>([
    ['10.1.2.3', 'inside', '10.1.2.0/24'],
    ['172.31.4.5', 'inside', '172.31.4.0/24'],
    ['100.64.9.1', 'inside', '100.64.9.0/24'],
    ['169.254.1.1', 'inside', '169.254.1.0/24'],
    ['fd12:3456:789a:1::1', 'inside', 'fd12:3456:789a::/48'],
    ['fe80::1', 'inside', 'fe80::/48'],
    ['224.0.0.251', 'inside', '224.0.0.0/24'],
    ['255.255.255.255', 'inside', '255.255.255.0/24'],
    ['198.18.7.7', 'inside', '198.18.7.0/24'],
    ['2600:1f18:1:80::5', 'inside', '2600:1f18:1::/48'],
    ['169.254.169.254', 'metadata', '169.254.169.0/24'],
    ['fd00:ec2::254', 'metadata', 'fd00:ec2::/48'],
    ['169.254.170.23', 'metadata', '169.254.170.0/24'],
    ['169.254.169.253', 'resolver', '169.254.169.0/24'],
    ['203.0.113.9', 'internet', '203.0.113.0/24'],
    ['2001:db8:1:2::3', 'internet', '2001:db8:1::/48'],
    ['64:ff9b::a00:105', 'inside', '10.0.1.0/24'],
    ['64:ff9b::cb00:7109', 'internet', '203.0.113.0/24'],
    ['64:ff9b::a9fe:a9fe', 'metadata', '169.254.169.0/24'],
    ['somewhere', 'unknown', 'unknown'],
    ['', 'unknown', 'unknown'],
  ])('%s: %s', (address, place, block) => {
    expect(aws.of(address)).toMatchObject({ place, block });
    expect(aws.of(address)).toBe(aws.of(address));
  });
});

describe('with AWS\'s ranges', () => {
  test.each<[string, Place, string | undefined]>([
    ['52.216.9.9', 'aws-service', 'S3'],
    ['52.94.1.1', 'aws-service', 'AMAZON'],
    ['2600:1fa0:8123::1', 'aws-service', 'S3'],
    ['3.81.2.3', 'internet', 'EC2'],
    ['13.33.1.1', 'internet', 'CLOUDFRONT'],
    ['203.0.113.9', 'internet', undefined],
  ])('%s is %s, of %s', (address, place, service) => {
    expect(aws.of(address).place).toBe(place);
    expect(aws.of(address).aws?.service).toBe(service);
  });

  test.each([
    ['52.216.9.9', 'S3 us-east-1'],
    ['52.217.200.1', 'S3 us-east-1'],
    ['2600:1fa0:8123::1', 'S3 us-east-1'],
    ['52.94.1.1', '52.94.1.0/24'],
    ['3.81.2.3', '3.81.2.0/24'],
    ['13.33.1.1', '13.33.1.0/24'],
    ['203.0.113.9', '203.0.113.0/24'],
    ['10.1.2.3', '10.1.2.0/24'],
  ])('%s counts as %s: a service that AWS alone runs is one destination', (address, name) => {
    expect(aws.of(address).name).toBe(name);
  });

  test('not told where they are not given', () => {
    expect(new Destinations().of('52.216.9.9')).toEqual({ place: 'internet', block: '52.216.9.0/24', name: '52.216.9.0/24', aws: undefined });
  });

  test.each(['', '{}', '[]', 'x', '{"prefixes":[{"ip_prefix":"somewhere","service":"S3","region":"x"}]}', '{"prefixes":5}'])('that are none: %s', (text) => {
    expect(() => readAwsRanges(text)).toThrow(UnreadableRangesError);
  });
});

test('refuses own ranges that are none', () => {
  expect(() => new Destinations({ inside: ['10.0.0.0/33'] })).toThrow(RangeError);
  expect(() => new Destinations({ inside: ['vpc'] })).toThrow('"vpc" is no range of addresses');
});

test('breaks on no text', () => {
  fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.ipV6(), fc.webAuthority()), (text) => { expect(aws.of(text).block).toMatch(/^(unknown|[0-9a-f.:]{2,43}\/\d{2})$/); }));
});
