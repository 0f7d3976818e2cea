import { createGunzip } from 'node:zlib';
import { isFlowHeader, UnusableFlowFormatError } from './flow-fields.ts';
import { FlowLogReader } from './flow-log.ts';
import { flowRecordsOfParquet, isParquet, UnreadableParquetError } from './flow-parquet.ts';
import { MalformedFlowRecordError, type FlowRecord } from './flow-record.ts';
import { MalformedQueryRecordError, parseDnsQuery, type DnsQuery } from './query-log.ts';

/** Records that were read together, and what could not be read, by the reason: a format that does not fit has one reason, not thousands. */
export interface TrafficRecords {
  readonly flows: readonly FlowRecord[];
  readonly queries: readonly DnsQuery[];
  readonly malformed: ReadonlyMap<string, readonly string[]>;
}

const linesAtOnce = 20_000;
const charactersAtOnce = 16 * 1024 * 1024;
/** No line of these logs is longer: CloudWatch Logs takes no larger record. More is an attempt to exhaust memory. */
const maxLineLength = 1024 * 1024;

/** A file is no flow log's and no query log's. Its message says what is wrong, never the content. */
export class UnreadableTrafficFileError extends Error {
  override readonly name = 'UnreadableTrafficFileError' as const;
}

/**
 * Reads lines of flow logs of one format and of Resolver query logs: these are JSON objects, which no flow record begins like.
 * Malformed ones are given whole.
 */
export function readTrafficLines(lines: readonly string[], reader: FlowLogReader): TrafficRecords {
  const flows: FlowRecord[] = [];
  const queries: DnsQuery[] = [];
  const malformed = new Map<string, string[]>();
  for (const line of lines) {
    try {
      if (line.startsWith('{')) {
        queries.push(parseDnsQuery(line));
        continue;
      }
      const record = reader.read(line);
      if (record) flows.push(record);
    } catch (error) {
      if (!(error instanceof MalformedFlowRecordError || error instanceof MalformedQueryRecordError)) throw error;
      note(malformed, error.message, line);
    }
  }
  return { flows, queries, malformed };
}

/**
 * Reads a file as AWS writes it to S3, some thousand records at a time: of a flow log text with a header, gzip of it, or Parquet;
 * of a query log gzip of JSON lines. Of a malformed row of Parquet its number is given, from 1 among those that have a flow.
 * Sources: https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-path.html,
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs-format.html
 * @throws {UnreadableTrafficFileError} when it is none, or damaged; what was given before it is right.
 */
export async function* readTrafficFile(bytes: Uint8Array): AsyncGenerator<TrafficRecords> {
  try {
    yield* isParquet(bytes) ? rowsOf(bytes) : textRecordsOf(bytes);
  } catch (cause) {
    if (cause instanceof UnreadableParquetError || cause instanceof UnusableFlowFormatError) throw new UnreadableTrafficFileError(cause.message, { cause });
    throw cause;
  }
}

async function* rowsOf(bytes: Uint8Array): AsyncGenerator<TrafficRecords> {
  let row = 0;
  for await (const rows of flowRecordsOfParquet(bytes)) {
    const flows: FlowRecord[] = [];
    const malformed = new Map<string, string[]>();
    for (const one of rows) {
      row += 1;
      if (one instanceof MalformedFlowRecordError) note(malformed, one.message, `row ${String(row)}`);
      else flows.push(one);
    }
    yield { flows, queries: [], malformed };
  }
}

async function* textRecordsOf(bytes: Uint8Array): AsyncGenerator<TrafficRecords> {
  let reader: FlowLogReader | undefined;
  for await (const lines of linesOf(bytes)) {
    reader ??= new FlowLogReader(isFlowHeader(lines[0] ?? '') ? lines[0] : undefined);
    yield readTrafficLines(lines, reader);
  }
}

async function* linesOf(bytes: Uint8Array): AsyncGenerator<string[]> {
  let lines: string[] = [];
  let characters = 0;
  let rest = '';
  for await (const text of textOf(bytes)) {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    if (rest.length > maxLineLength) throw new UnreadableTrafficFileError('the file has a line that is too long');
    lines = lines.concat(parts);
    characters += text.length;
    if (lines.length < linesAtOnce && characters < charactersAtOnce) continue;
    yield lines;
    [lines, characters] = [[], 0];
  }
  yield rest === '' ? lines : [...lines, rest];
}

async function* textOf(bytes: Uint8Array): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) {
    yield decoder.decode(bytes);
    return;
  }
  const unpacked = createGunzip();
  unpacked.end(bytes);
  try {
    for await (const piece of unpacked) yield decoder.decode(piece as Buffer, { stream: true });
  } catch (cause) {
    throw new UnreadableTrafficFileError('the file is no whole gzip data', { cause });
  }
  yield decoder.decode();
}

function note(malformed: Map<string, string[]>, reason: string, record: string): void {
  const same = malformed.get(reason);
  if (same) same.push(record);
  else malformed.set(reason, [record]);
}
