import { contentOf } from '../../lib/egress/contents.ts';
import { FlowLogReader } from '../../lib/egress/flow-log.ts';
import { UnusableFlowFormatError } from '../../lib/egress/flow-fields.ts';
import { MalformedQueryRecordError, parseDnsQuery, type DnsQuery } from '../../lib/egress/query-log.ts';
import { MalformedFlowRecordError, type FlowRecord } from '../../lib/egress/flow-record.ts';

/** What a record that is no audit event turned out to be. */
export type NetworkRecord =
  | { readonly kind: 'flow'; readonly record: FlowRecord }
  | { readonly kind: 'query'; readonly query: DnsQuery }
  | { readonly kind: 'malformed'; readonly reason: string }
  /** A header, or a record without traffic. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'other' };

/** Reads the look-ups and the flow records of one file: these in the format of its header line, or in the default one. */
export class TrafficReader {
  #reader: FlowLogReader | undefined;

  /** Reads one record of the file, as it stands there. */
  read(text: string): NetworkRecord {
    if (this.#reader && !text.trimStart().startsWith('{')) return this.#readLine(text.trim(), this.#reader);
    const content = contentOf(text);
    if (content.kind === 'flow-header') return this.#begin(content.record);
    if (content.kind === 'flow') return this.#readLine(content.record, (this.#reader ??= new FlowLogReader()));
    return content.kind === 'query' ? queryOf(content.record) : { kind: 'other' };
  }

  #begin(header: string): NetworkRecord {
    try {
      this.#reader = new FlowLogReader(header);
      return { kind: 'nothing' };
    } catch (error) {
      if (error instanceof UnusableFlowFormatError) return { kind: 'malformed', reason: error.message };
      throw error;
    }
  }

  #readLine(line: string, reader: FlowLogReader): NetworkRecord {
    try {
      const record = reader.read(line);
      return record ? { kind: 'flow', record } : { kind: 'nothing' };
    } catch (error) {
      if (error instanceof MalformedFlowRecordError) return { kind: 'malformed', reason: error.message };
      throw error;
    }
  }
}

function queryOf(text: string): NetworkRecord {
  try {
    return { kind: 'query', query: parseDnsQuery(text) };
  } catch (error) {
    if (error instanceof MalformedQueryRecordError) return { kind: 'malformed', reason: error.message };
    throw error;
  }
}
