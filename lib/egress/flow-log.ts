import { canonicalAddress } from './address.ts';
import { defaultFields, flowFieldsOf } from './flow-fields.ts';
import { MalformedFlowRecordError, type FlowRecord } from './flow-record.ts';

const space = 32;
const zero = 48;
/** More digits would not be exact in a double. */
const maxDigits = 15;
const earliest = Date.UTC(2015, 0) / 1000;
const latest = Date.UTC(2100, 0) / 1000;
const maxIdLength = 64;
const maxKnownTexts = 50_000;

/** The fields that are read; all others are passed over. */
export const readFields = [
  'interface-id', 'srcaddr', 'dstaddr', 'pkt-srcaddr', 'pkt-dstaddr', 'srcport', 'dstport', 'protocol', 'packets', 'bytes',
  'start', 'end', 'action', 'log-status', 'flow-direction', 'tcp-flags', 'instance-id',
] as const;
/** Where in a format the fields stand that are read; −1 where it leaves one out. */
type Layout = Readonly<Record<(typeof readFields)[number], number>>;

/**
 * Reads the lines of a VPC flow log of one format, version 2 or any later.
 * Source: https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html
 */
export class FlowLogReader {
  /** Windows in which an interface had no traffic. */
  noData = 0;
  /** Windows of which AWS lost records. */
  skipped = 0;
  readonly #header: string;
  readonly #layout: Layout;
  readonly #count: number;
  readonly #ends: Int32Array;
  /** Addresses and ids that came before: a part of a line would keep all of the file's text in memory. */
  readonly #known = new Map<string, string>();

  /**
   * @param format the fields, as `flowFieldsOf` takes them; the default format's when left out.
   * @throws {UnusableFlowFormatError} when it is no format.
   */
  constructor(format?: string) {
    const fields = format === undefined ? defaultFields : flowFieldsOf(format);
    this.#header = fields.join(' ');
    this.#layout = Object.fromEntries(readFields.map((field) => [field, fields.indexOf(field)])) as Layout;
    this.#count = fields.length;
    this.#ends = new Int32Array(fields.length + 1);
  }

  /**
   * Reads one line. `undefined` for one that has no flow: the header, an empty line, and `NODATA` and `SKIPDATA`, which are counted.
   * @throws {MalformedFlowRecordError} when it is no record of this format.
   */
  read(line: string): FlowRecord | undefined {
    if (line === '' || line === this.#header) return undefined;
    const layout = this.#layout;
    this.#split(line);
    if (this.#isWithoutFlow(line)) return undefined;
    const start = this.#time(line, layout.start);
    const end = layout.end < 0 ? start : this.#time(line, layout.end);
    return {
      interfaceId: this.#id(line, layout['interface-id']),
      sourceAddress: this.#address(line, layout['pkt-srcaddr'], layout.srcaddr),
      destinationAddress: this.#address(line, layout['pkt-dstaddr'], layout.dstaddr),
      sourcePort: this.#smallNumber(line, layout.srcport, 65_535) ?? 0,
      destinationPort: this.#smallNumber(line, layout.dstport, 65_535) ?? 0,
      protocol: this.#smallNumber(line, layout.protocol, 255) ?? 0,
      packets: this.#number(line, layout.packets) ?? 0,
      bytes: this.#bytes(line),
      start,
      end: Math.max(start, end),
      accepted: !this.#is(line, layout.action, 'REJECT'),
      direction: this.#is(line, layout['flow-direction'], 'egress') ? 'egress' : this.#is(line, layout['flow-direction'], 'ingress') ? 'ingress' : undefined,
      tcpFlags: this.#smallNumber(line, layout['tcp-flags'], 255),
      instanceId: this.#id(line, layout['instance-id']),
    };
  }

  /** Notes where each field ends; field n begins after the end of field n − 1. */
  #split(line: string): void {
    const ends = this.#ends;
    const last = line.charCodeAt(line.length - 1) === 13 ? line.length - 1 : line.length;
    ends[0] = -1;
    for (let field = 1; field < this.#count; field++) {
      const end = line.indexOf(' ', (ends[field - 1] ?? 0) + 1);
      if (end < 0) throw new MalformedFlowRecordError('the record has too few fields');
      ends[field] = end;
    }
    ends[this.#count] = last;
    if (line.indexOf(' ', (ends[this.#count - 1] ?? 0) + 1) >= 0) throw new MalformedFlowRecordError('the record has too many fields');
  }

  #isWithoutFlow(line: string): boolean {
    const status = this.#layout['log-status'];
    if (this.#is(line, status, 'SKIPDATA')) this.skipped += 1;
    else if (this.#is(line, status, 'NODATA') || (status < 0 && this.#is(line, this.#layout.bytes, '-'))) this.noData += 1;
    else return false;
    return true;
  }

  #from(field: number): number {
    return (this.#ends[field] ?? 0) + 1;
  }

  #to(field: number): number {
    return this.#ends[field + 1] ?? 0;
  }

  #is(line: string, field: number, word: string): boolean {
    return field >= 0 && this.#to(field) - this.#from(field) === word.length && line.startsWith(word, this.#from(field));
  }

  #id(line: string, field: number): string {
    if (field < 0 || this.#is(line, field, '-')) return '';
    const id = line.slice(this.#from(field), Math.min(this.#to(field), this.#from(field) + maxIdLength));
    return this.#known.get(id) ?? this.#know(id, copyOf(id));
  }

  #address(line: string, preferred: number, other: number): string {
    const field = other < 0 || (preferred >= 0 && !this.#is(line, preferred, '-')) ? preferred : other;
    const text = line.slice(this.#from(field), this.#to(field));
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const address = canonicalAddress(text);
    if (address === undefined) throw new MalformedFlowRecordError('an address of the record is none');
    return this.#know(text, address);
  }

  #know(text: string, value: string): string {
    if (this.#known.size >= maxKnownTexts) this.#known.clear();
    this.#known.set(copyOf(text), value);
    return value;
  }

  /** `undefined` when the format leaves the field out or the record has none. */
  #number(line: string, field: number): number | undefined {
    if (field < 0) return undefined;
    const [from, to] = [this.#from(field), this.#to(field)];
    if (this.#is(line, field, '-')) return undefined;
    let value = 0;
    for (let index = from; index < to; index++) {
      const digit = line.charCodeAt(index) - zero;
      if (digit < 0 || digit > 9) throw new MalformedFlowRecordError('a number of the record is none');
      value = value * 10 + digit;
    }
    if (to === from || to - from > maxDigits) throw new MalformedFlowRecordError('a number of the record is none');
    return value;
  }

  #smallNumber(line: string, field: number, most: number): number | undefined {
    const value = this.#number(line, field);
    if (value !== undefined && value > most) throw new MalformedFlowRecordError('a number of the record is too large');
    return value;
  }

  #bytes(line: string): number {
    const bytes = this.#number(line, this.#layout.bytes);
    if (bytes === undefined) throw new MalformedFlowRecordError('the record has no bytes');
    return bytes;
  }

  #time(line: string, field: number): number {
    const time = this.#number(line, field);
    if (time === undefined || time < earliest || time >= latest) throw new MalformedFlowRecordError('a time of the record is not between 2015 and 2100');
    return time;
  }
}

/** Whether a line looks like a record of the default format: version 2, an account, and fourteen fields. */
export function isDefaultFlowLine(line: string): boolean {
  return line.length < 1000 && /^2 (\d{12}|unknown) \S+ /.test(line) && fieldsIn(line) === defaultFields.length;
}

function fieldsIn(line: string): number {
  let count = 1;
  for (let index = 0; index < line.length; index++) if (line.charCodeAt(index) === space) count += 1;
  return count;
}

function copyOf(text: string): string {
  return Buffer.from(text).toString();
}
