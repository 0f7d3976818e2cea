import { createGunzip } from 'node:zlib';
import { isFlowHeader, UnusableFlowFormatError } from './flow-fields.ts';
import { FlowLogReader } from './flow-log.ts';
import { flowRecordsOfParquet, isParquet, UnreadableParquetError } from './flow-parquet.ts';
import { MalformedFlowRecordError, type FlowRecord } from './flow-record.ts';

/** Records that were read together, and what could not be read, by the reason: a format that does not fit has one reason, not thousands. */
export interface FlowRecords {
  readonly records: readonly FlowRecord[];
  readonly malformed: ReadonlyMap<string, readonly string[]>;
}

const linesAtOnce = 20_000;
/** No line of a flow log is longer; more is an attempt to exhaust memory. */
const maxLineLength = 10_000;

/** A file is no flow log's. Its message says what is wrong, never the content. */
export class UnreadableFlowFileError extends Error {
  override readonly name = 'UnreadableFlowFileError' as const;
}

/** Reads lines of one format; malformed ones are given whole. */
export function readFlowLines(lines: readonly string[], reader: FlowLogReader): FlowRecords {
  const records: FlowRecord[] = [];
  const malformed = new Map<string, string[]>();
  for (const line of lines) {
    try {
      const record = reader.read(line);
      if (record) records.push(record);
    } catch (error) {
      if (!(error instanceof MalformedFlowRecordError)) throw error;
      note(malformed, error.message, line);
    }
  }
  return { records, malformed };
}

/**
 * Reads a file as a flow log writes it to S3, some thousand records at a time: text with a header, gzip of it, or Parquet.
 * Of a malformed row of Parquet its number is given, from 1 among those that have a flow.
 * Source: https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-path.html
 * @throws {UnreadableFlowFileError} when it is none, or damaged; what was given before it is right.
 */
export async function* readFlowFile(bytes: Uint8Array): AsyncGenerator<FlowRecords> {
  try {
    yield* isParquet(bytes) ? rowsOf(bytes) : textRecordsOf(bytes);
  } catch (cause) {
    if (cause instanceof UnreadableParquetError || cause instanceof UnusableFlowFormatError) throw new UnreadableFlowFileError(cause.message, { cause });
    throw cause;
  }
}

async function* rowsOf(bytes: Uint8Array): AsyncGenerator<FlowRecords> {
  let row = 0;
  for await (const rows of flowRecordsOfParquet(bytes)) {
    const records: FlowRecord[] = [];
    const malformed = new Map<string, string[]>();
    for (const one of rows) {
      row += 1;
      if (one instanceof MalformedFlowRecordError) note(malformed, one.message, `row ${String(row)}`);
      else records.push(one);
    }
    yield { records, malformed };
  }
}

async function* textRecordsOf(bytes: Uint8Array): AsyncGenerator<FlowRecords> {
  let reader: FlowLogReader | undefined;
  for await (const lines of linesOf(bytes)) {
    reader ??= new FlowLogReader(isFlowHeader(lines[0] ?? '') ? lines[0] : undefined);
    yield readFlowLines(lines, reader);
  }
}

async function* linesOf(bytes: Uint8Array): AsyncGenerator<string[]> {
  let lines: string[] = [];
  let rest = '';
  for await (const text of textOf(bytes)) {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    if (rest.length > maxLineLength) throw new UnreadableFlowFileError('the file has a line that is too long');
    lines = lines.concat(parts);
    if (lines.length < linesAtOnce) continue;
    yield lines;
    lines = [];
  }
  yield rest === '' ? lines : [...lines, rest];
}

/** Flow logs are ASCII, so a piece never ends within a character. */
async function* textOf(bytes: Uint8Array): AsyncGenerator<string> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) {
    yield Buffer.from(bytes).toString('latin1');
    return;
  }
  const unpacked = createGunzip();
  unpacked.end(bytes);
  try {
    for await (const piece of unpacked) yield (piece as Buffer).toString('latin1');
  } catch (cause) {
    throw new UnreadableFlowFileError('the file is no whole gzip data', { cause });
  }
}

function note(malformed: Map<string, string[]>, reason: string, record: string): void {
  const same = malformed.get(reason);
  if (same) same.push(record);
  else malformed.set(reason, [record]);
}
