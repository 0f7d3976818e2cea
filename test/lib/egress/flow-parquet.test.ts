import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ByteWriter, parquetWrite, parquetWriteBuffer, type ColumnSource } from 'hyparquet-writer';
import { UnusableFlowFormatError } from '../../../lib/egress/flow-fields.ts';
import { flowRecordsOfParquet, isParquet, UnreadableParquetError } from '../../../lib/egress/flow-parquet.ts';
import { MalformedFlowRecordError, type FlowRecord } from '../../../lib/egress/flow-record.ts';

/** Columns as AWS names and types them, of as many rows. */
function columnsOf(rows: number, given: Readonly<Record<string, ColumnSource['data']>> = {}): ColumnSource[] {
  const all = <Value>(value: Value): Value[] => Array.from({ length: rows }, () => value);
  const columns: [string, ColumnSource['type'], ColumnSource['data']][] = [
    ['version', 'INT32', all(5)], ['account_id', 'STRING', all('123456789012')], ['interface_id', 'STRING', all('eni-0a1b')],
    ['srcaddr', 'STRING', all('10.0.1.5')], ['dstaddr', 'STRING', all('10.0.0.220')], ['srcport', 'INT32', all(40000)], ['dstport', 'INT32', all(443)],
    ['protocol', 'INT32', all(6)], ['packets', 'INT64', all(20n)], ['bytes', 'INT64', Array.from({ length: rows }, (_, row) => BigInt(row))], ['start', 'INT64', all(1790000000n)],
    ['end', 'INT64', all(1790000060n)], ['action', 'STRING', all('ACCEPT')], ['log_status', 'STRING', all('OK')], ['pkt_srcaddr', 'STRING', all('10.0.2.7')],
    ['pkt_dstaddr', 'STRING', all('2001:db8::9')], ['flow_direction', 'STRING', all('egress')], ['tcp_flags', 'INT32', all(3)],
  ];
  return columns.map(([name, type, data]): ColumnSource => ({ name, data: given[name] ?? data, ...(type ? { type } : {}), nullable: true }));
}

const file = (columnData: ColumnSource[]) => new Uint8Array(parquetWriteBuffer({ columnData }));

async function read(bytes: Uint8Array): Promise<(FlowRecord | MalformedFlowRecordError)[]> {
  const records = [];
  for await (const some of flowRecordsOfParquet(bytes)) records.push(...some);
  return records;
}

describe('reads flow records', () => {
  test('of every column', async () => {
    expect(await read(file(columnsOf(2)))).toEqual([0, 1].map((bytes) => ({
      interfaceId: 'eni-0a1b', sourceAddress: '10.0.2.7', destinationAddress: '2001:db8::9', sourcePort: 40000, destinationPort: 443, protocol: 6, packets: 20, bytes,
      start: 1790000000, end: 1790000060, accepted: true, direction: 'egress', tcpFlags: 3, instanceId: '',
    })));
  });

  test('packed with gzip, as AWS does', async () => {
    const writer = new ByteWriter();
    await parquetWrite({ writer, columnData: columnsOf(100), codec: 'GZIP', compressors: { GZIP: (input) => gzipSync(input) } });
    const records = await read(new Uint8Array(writer.getBuffer()));
    expect(records).toHaveLength(100);
    expect(records[99]).toMatchObject({ bytes: 99 });
  });

  test('in row groups, whole and in order', async () => {
    const bytes = new Uint8Array(parquetWriteBuffer({ columnData: columnsOf(45_000), rowGroupSize: 7000 }));
    const records = await read(bytes);
    expect(records.map((record) => (record as FlowRecord).bytes)).toEqual(Array.from({ length: 45_000 }, (_, row) => row));
  });

  test('and leaves out windows without data, given as nulls', async () => {
    const empty = { srcaddr: ['10.0.1.5', null], dstaddr: ['10.0.0.220', null], bytes: [7n, null], log_status: ['OK', 'NODATA'], pkt_srcaddr: [null, null], pkt_dstaddr: ['-', null] };
    expect(await read(file(columnsOf(2, empty as never)))).toMatchObject([{ sourceAddress: '10.0.1.5', destinationAddress: '10.0.0.220', bytes: 7 }]);
  });

  test('of a part of the columns', async () => {
    const few = columnsOf(1).filter(({ name }) => ['srcaddr', 'dstaddr', 'bytes', 'start'].includes(name));
    expect(await read(file(few))).toMatchObject([{ sourceAddress: '10.0.1.5', sourcePort: 0 }]);
  });

  test('and puts an error where a row is none', async () => {
    const records = await read(file(columnsOf(3, { pkt_srcaddr: ['10.0.0.1', 'somewhere 5', '10.0.0.2'] })));
    expect(records.map((record) => record instanceof MalformedFlowRecordError)).toEqual([false, true, false]);
  });
});

describe('refuses', () => {
  test('a file without the columns that are needed', async () => {
    await expect(read(file(columnsOf(1).filter(({ name }) => name !== 'bytes')))).rejects.toThrow(UnusableFlowFormatError);
  });

  test.each<[string, Uint8Array]>([['nothing', new Uint8Array()], ['a text', Buffer.from('PAR1 hello')], ['a file that was cut off', file(columnsOf(10)).subarray(0, 900)]])('%s', async (_, bytes) => {
    await expect(read(bytes)).rejects.toThrow(UnreadableParquetError);
  });

  test('a file that was cut off anywhere, by no other error', async () => {
    const whole = file(columnsOf(20));
    await fc.assert(fc.asyncProperty(fc.nat(whole.length - 1), async (length) => {
      await expect(read(whole.subarray(0, length))).rejects.toThrow(UnreadableParquetError);
    }), { numRuns: 50 });
  });
});

test('knows Parquet by its first bytes', () => {
  expect([file(columnsOf(1)), Buffer.from('PAR'), Buffer.from('version account-id')].map(isParquet)).toEqual([true, false, false]);
});
