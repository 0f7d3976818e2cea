import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FlowLogReader, isDefaultFlowLine } from '../../../lib/egress/flow-log.ts';
import { defaultFields, flowFieldsOf, isFlowHeader, UnusableFlowFormatError } from '../../../lib/egress/flow-fields.ts';
import { flowRecordHash, isSent, MalformedFlowRecordError } from '../../../lib/egress/flow-record.ts';

const line = '2 123456789012 eni-0a1b 10.0.1.5 203.0.113.9 40000 443 6 20 4249 1790000000 1790000060 ACCEPT OK';
const everyField =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr ' +
  'region az-id sublocation-type sublocation-id pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path ecs-cluster-arn ecs-cluster-name ecs-container-instance-arn ' +
  'ecs-container-instance-id ecs-container-id ecs-second-container-id ecs-service-name ecs-task-definition-arn ecs-task-arn ecs-task-id reject-reason';
const ofEveryField =
  '8 123456789012 eni-0a1b 10.0.1.5 10.0.0.220 40000 443 6 20 4249 1790000000 1790000060 REJECT OK vpc-1 subnet-1 i-0123 2 IPv4 10.0.2.7 203.0.113.9 ' +
  'us-east-1 use1-az1 - - - S3 egress 8 - - - - - - - - - - BPA';

/** The line with fields of the default format replaced. */
function changed(given: Readonly<Record<string, string>>): string {
  return defaultFields.map((field, index) => given[field] ?? line.split(' ')[index]).join(' ');
}

const read = (text: string, format?: string) => new FlowLogReader(format).read(text);

describe('reads', () => {
  test('the default format', () => {
    expect(read(line)).toEqual({
      interfaceId: 'eni-0a1b', sourceAddress: '10.0.1.5', destinationAddress: '203.0.113.9', sourcePort: 40000, destinationPort: 443, protocol: 6, packets: 20, bytes: 4249,
      start: 1790000000, end: 1790000060, accepted: true, direction: undefined, tcpFlags: undefined, instanceId: '',
    });
  });

  test('every field of later versions, the packet\'s own addresses before the interface\'s', () => {
    expect(read(ofEveryField, everyField)).toMatchObject({ sourceAddress: '10.0.2.7', destinationAddress: '203.0.113.9', accepted: false, direction: 'egress', tcpFlags: 2, instanceId: 'i-0123' });
  });

  test('the interface\'s addresses where the packet\'s own are not told', () => {
    expect(read('10.0.1.5 203.0.113.9 - - 7 1790000000', 'srcaddr dstaddr pkt-srcaddr pkt-dstaddr bytes start')).toMatchObject({ sourceAddress: '10.0.1.5', destinationAddress: '203.0.113.9', bytes: 7 });
  });

  test('a format with few fields, in any order', () => {
    expect(read('1790000000 99 203.0.113.9 10.0.1.5', '${start} ${bytes} ${pkt-dstaddr} ${pkt-srcaddr}')).toMatchObject({ sourceAddress: '10.0.1.5', bytes: 99, end: 1790000000, accepted: true, sourcePort: 0, protocol: 0 });
  });

  test('fields that are not known here', () => {
    expect(read('x 10.0.1.5 203.0.113.9 5 1790000000 y', 'new-one srcaddr dstaddr bytes start other-one')).toMatchObject({ bytes: 5 });
  });

  test('IPv6, written in the one way', () => {
    expect(read(changed({ srcaddr: '2001:DB8:0:0:0:0:0:5', dstaddr: '::ffff:203.0.113.9' }))).toMatchObject({ sourceAddress: '2001:db8::5', destinationAddress: '203.0.113.9' });
  });

  test('what came in as not sent', () => {
    const came = read(`${line} ingress`, `${defaultFields.join(' ')} flow-direction`);
    expect(came && isSent(came)).toBe(false);
    const went = read(line);
    expect(went && isSent(went)).toBe(true);
  });

  test('ports and flags that do not apply as none', () => {
    expect(read(`${changed({ srcport: '-', dstport: '-', protocol: '1' })} -`, `${defaultFields.join(' ')} tcp-flags`)).toMatchObject({ sourcePort: 0, destinationPort: 0, tcpFlags: undefined });
  });

  test('lines that end as on Windows', () => {
    expect(read(`${line}\r`)).toMatchObject({ bytes: 4249 });
  });

  test('a window whose end is before its start as a moment', () => {
    expect(read(changed({ end: '1789999999' }))).toMatchObject({ start: 1790000000, end: 1790000000 });
  });
});

describe('passes over', () => {
  test('NODATA and SKIPDATA, and counts them', () => {
    const reader = new FlowLogReader();
    expect(reader.read('2 123456789012 eni-0a1b - - - - - - - 1790000000 1790000060 - NODATA')).toBeUndefined();
    expect(reader.read('2 123456789012 eni-0a1b - - - - - - - 1790000000 1790000060 - SKIPDATA')).toBeUndefined();
    expect(reader.read('2 unknown eni-0a1b - - - - - - - 1790000000 1790000060 - SKIPDATA')).toBeUndefined();
    expect(reader).toMatchObject({ noData: 1, skipped: 2 });
  });

  test('NODATA where the format has no status', () => {
    const reader = new FlowLogReader('srcaddr dstaddr bytes start');
    expect(reader.read('- - - 1790000000')).toBeUndefined();
    expect(reader.noData).toBe(1);
  });

  test('the header and empty lines', () => {
    expect(read(defaultFields.join(' '))).toBeUndefined();
    expect(read('')).toBeUndefined();
  });
});

describe('refuses', () => {
  test.each<[string, string]>([
    ['too few fields', line.slice(0, -3)],
    ['too many fields', `${line} x`],
    ['a text', 'hello'],
    ['an address that is none', changed({ srcaddr: '10.0.0.256' })],
    ['an address with a leading zero', changed({ srcaddr: '10.0.0.010' })],
    ['an empty address', changed({ dstaddr: '' })],
    ['a missing address', changed({ dstaddr: '-' })],
    ['a long address', changed({ dstaddr: '1'.repeat(10_000) })],
    ['a port that is too large', changed({ srcport: '65536' })],
    ['a negative number', changed({ bytes: '-5' })],
    ['an empty number', changed({ packets: '' })],
    ['a number that is not exact', changed({ bytes: '9'.repeat(16) })],
    ['no bytes though there is data', changed({ bytes: '-' })],
    ['a broken clock', changed({ start: '179000000' })],
    ['milliseconds', changed({ start: '1790000000000' })],
  ])('%s, without repeating it', (_, text) => {
    expect(() => read(text)).toThrow(MalformedFlowRecordError);
    expect(() => read(text)).toThrow(/^(the record|an address|a number|a time)[a-z 0-9]*$/);
  });

  test('anything by no other error', () => {
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.constantFrom('-', '2', '10.0.0.1', '::1', 'OK', '9'.repeat(20), 'x'), { minLength: 14, maxLength: 14 }).map((parts) => parts.join(' '))), (text) => {
      try {
        read(text);
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedFlowRecordError);
      }
    }));
  });
});

test('gives each record as it was written', () => {
  const number = (most: number) => fc.nat(most).map(String);
  const address = fc.oneof(fc.ipV4(), fc.ipV6());
  fc.assert(fc.property(address, fc.ipV4(), number(65_535), number(2 ** 31), (srcaddr, dstaddr, srcport, bytes) => {
    expect(read(changed({ srcaddr, dstaddr, srcport, bytes }))).toMatchObject({ destinationAddress: dstaddr, sourcePort: Number(srcport), bytes: Number(bytes) });
  }));
});

describe('a format', () => {
  test('is taken from a header, from AWS\'s way to write it, and from names of columns', () => {
    expect(flowFieldsOf('srcaddr dstaddr bytes start')).toEqual(flowFieldsOf('${srcaddr} ${dstaddr} ${bytes} ${start}'));
    expect(flowFieldsOf('pkt_srcaddr,pkt_dstaddr,bytes,start')).toEqual(['pkt-srcaddr', 'pkt-dstaddr', 'bytes', 'start']);
  });

  test.each(['', 'srcaddr dstaddr bytes', 'srcaddr bytes start', 'srcaddr srcaddr dstaddr bytes start', 'srcaddr dstaddr bytes start <x>', line])('is none: %j', (format) => {
    expect(() => flowFieldsOf(format)).toThrow(UnusableFlowFormatError);
  });

  test('is told from a record', () => {
    expect([defaultFields.join(' '), everyField, 'srcaddr dstaddr bytes start'].map(isFlowHeader)).toEqual([true, true, true]);
    expect([line, '', 'start the end', 'version 2', '{"version":2}'].map(isFlowHeader)).toEqual([false, false, false, false, false]);
  });

  test('is the default one for a line of version 2 with fourteen fields', () => {
    expect([line, '2 123456789012 eni-0a1b - - - - - - - 1790000000 1790000060 - NODATA'].map(isDefaultFlowLine)).toEqual([true, true]);
    expect([`${line} x`, ofEveryField, '', 'x'.repeat(5000)].map(isDefaultFlowLine)).toEqual([false, false, false, false]);
  });
});

test('a record has the same hash only as itself', () => {
  const hash = (text: string) => { const record = read(text); return record && flowRecordHash(record); };
  expect(hash(line)).toBe(hash(line));
  const others = [{ bytes: '4250' }, { start: '1790000001' }, { srcport: '40001' }, { action: 'REJECT' }, { 'interface-id': 'eni-0a1c' }].map(changed).map(hash);
  expect(new Set([hash(line), ...others]).size).toBe(6);
});
