import { gunzipSync } from 'node:zlib';
import { parquetMetadataAsync, parquetReadObjects, type AsyncBuffer, type Compressors } from 'hyparquet/src/index.js';
import { FlowLogReader, readFields } from './flow-log.ts';
import { MalformedFlowRecordError, type FlowRecord } from './flow-record.ts';

/** Rows that are unpacked at once. */
const rowsAtOnce = 20_000;
/** A page says itself how much it unpacks to; AWS writes pages of about a megabyte. */
const maxPageBytes = 256 * 1024 * 1024;

/** AWS packs with gzip; snappy is a part of the library. */
const compressors: Compressors = { GZIP: (input, length) => gunzipSync(input, { maxOutputLength: Math.min(Math.max(length, 1), maxPageBytes) }) };

/** A file is no Parquet file that can be read. */
export class UnreadableParquetError extends Error {
  override readonly name = 'UnreadableParquetError' as const;
}

/** Whether a file's bytes begin as Parquet does. */
export function isParquet(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && Buffer.from(bytes.subarray(0, 4)).toString('latin1') === 'PAR1';
}

/**
 * Reads VPC flow logs that were delivered to S3 as Parquet, some thousand rows at a time; a row that is no record becomes an
 * error in its place, one without a flow is left out. Columns are named as the fields, with underscores.
 * Source: https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-path.html
 * @throws {UnreadableParquetError} when the bytes are no such file.
 * @throws {UnusableFlowFormatError} when columns are missing.
 */
export async function* flowRecordsOfParquet(bytes: Uint8Array): AsyncGenerator<(FlowRecord | MalformedFlowRecordError)[]> {
  const file: AsyncBuffer = { byteLength: bytes.length, slice: (start, end) => Uint8Array.from(bytes.subarray(start, end)).buffer };
  const metadata = await readable(parquetMetadataAsync(file));
  const known = new Set<string>(readFields);
  const columns = metadata.schema.slice(1).map(({ name }) => name).filter((name) => known.has(fieldOf(name)));
  const reader = new FlowLogReader(columns.map(fieldOf).join(' '));
  for (let rowStart = 0; rowStart < Number(metadata.num_rows); rowStart += rowsAtOnce) {
    const rows = await readable(parquetReadObjects({ file, metadata, columns, compressors, rowStart, rowEnd: rowStart + rowsAtOnce }));
    if (rows.length === 0) throw new UnreadableParquetError('the file has fewer rows than it says');
    yield rows.flatMap((row) => recordOf(columns.map((column) => textOf(row[column])).join(' '), reader) ?? []);
  }
}

function recordOf(line: string, reader: FlowLogReader): FlowRecord | MalformedFlowRecordError | undefined {
  try {
    return reader.read(line);
  } catch (error) {
    if (error instanceof MalformedFlowRecordError) return error;
    throw error;
  }
}

function fieldOf(column: string): string {
  return column.replaceAll('_', '-').toLowerCase();
}

function textOf(value: unknown): string {
  if (value === undefined || value === null || value === '') return '-';
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' ? String(value) : '?';
}

async function readable<Result>(reading: Promise<Result>): Promise<Result> {
  try {
    return await reading;
  } catch (cause) {
    throw new UnreadableParquetError('the file is no Parquet file that can be read', { cause });
  }
}
