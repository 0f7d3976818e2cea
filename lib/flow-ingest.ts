import { Destinations } from './egress/destination.ts';
import { FlowLogReader } from './egress/flow-log.ts';
import { MalformedFlowRecordError, type FlowRecord } from './egress/flow-record.ts';
import { Egress } from './engine/egress.ts';
import { Engine } from './engine/engine.ts';
import { unpackSubscription, type Ports } from './ingest.ts';
import type { DeadLetters } from './store.ts';

/** A log group of CloudWatch Logs with the flow log of a cluster's network. */
export interface FlowLogSource {
  /** Name of an EKS cluster. */
  readonly cluster: string;
  readonly logGroupName: string;
  /**
   * The fields of a record, as the flow log's own setting has them (`${version} ${account-id} …`); the default format's when
   * left out. All sources of one log group have the same.
   */
  readonly format?: string | undefined;
}

/** What became of a delivery, in counts. */
export interface FlowReport {
  /** Flow records; lines without a flow are none. */
  records: number;
  /** Records of senders that nothing is known of, for each cluster that they may be of. */
  unknownSenders: number;
  /** Lines that could not be read and went to the dead letters. */
  malformed: number;
  /** Findings written or changed. */
  findings: number;
}

/** How the lines of a log group are read, and for whom. */
interface Reading {
  readonly reader: FlowLogReader;
  readonly clusters: readonly string[];
}

/** Takes in deliveries of VPC flow logs by CloudWatch Logs. */
export class FlowIngest {
  readonly #egress: Egress;
  readonly #deadLetters: DeadLetters;
  readonly #readings: ReadonlyMap<string, Reading>;

  /** @throws {UnusableFlowFormatError} when a source's format is none. */
  constructor(ports: Ports, sources: readonly FlowLogSource[]) {
    this.#egress = new Egress(new Engine(ports), ports.state, { destinations: new Destinations() });
    this.#deadLetters = ports.deadLetters;
    const byLogGroup = Map.groupBy(sources, ({ logGroupName }) => logGroupName);
    this.#readings = new Map([...byLogGroup].map(([name, some]) => [name, { reader: new FlowLogReader(some[0]?.format), clusters: some.map(({ cluster }) => cluster) }]));
  }

  /**
   * Takes in one subscription payload, as `Ingest.subscription` does. Lines that cannot be read go whole to the dead letters.
   * @throws {UnknownSourceError} when it comes from no log group of the sources; and whatever a port throws. The same
   * payload can then be given again.
   */
  async subscription(payload: Uint8Array): Promise<FlowReport> {
    const report: FlowReport = { records: 0, unknownSenders: 0, malformed: 0, findings: 0 };
    const message = await unpackSubscription(payload, this.#deadLetters);
    if (!message) return { ...report, malformed: 1 };
    if (message.kind === 'control') return report;
    const { reader, clusters } = this.#readingOf(message.source);
    const { records, malformed } = linesOf(message.records, reader);
    for (const [reason, lines] of malformed) {
      report.malformed += lines.length;
      await this.#deadLetters.send({ reason, source: message.source, record: lines.join('\n') });
    }
    report.records = records.length;
    for (const cluster of clusters) {
      const { unknown, findings } = await this.#egress.process(cluster, records);
      report.unknownSenders += unknown;
      report.findings += findings;
    }
    return report;
  }

  /** A flow log's streams are named after interfaces, so a stream's name has no slash. */
  #readingOf(source: string): Reading {
    const reading = this.#readings.get(source.slice(0, source.lastIndexOf('/')));
    if (!reading) throw new UnknownSourceError(source);
    return reading;
  }
}

/** Malformed lines by what is wrong with them: a format that does not fit makes one letter of a delivery, not thousands. */
function linesOf(lines: readonly string[], reader: FlowLogReader): { records: FlowRecord[]; malformed: Map<string, string[]> } {
  const records: FlowRecord[] = [];
  const malformed = new Map<string, string[]>();
  for (const line of lines) {
    try {
      const record = reader.read(line);
      if (record) records.push(record);
    } catch (error) {
      if (!(error instanceof MalformedFlowRecordError)) throw error;
      const same = malformed.get(error.message);
      if (same) same.push(line);
      else malformed.set(error.message, [line]);
    }
  }
  return { records, malformed };
}

/** Flow records came from a place that is none of the sources: nobody can say of which cluster they are. */
export class UnknownSourceError extends Error {
  override readonly name = 'UnknownSourceError' as const;
  readonly source: string;
  constructor(source: string, options?: ErrorOptions) {
    super(`${source} is not among the sources of flow logs; deploy with all of them`, options);
    this.source = source;
  }
}
