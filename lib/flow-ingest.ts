import type { DeadLetters, Origin } from './dead-letter.ts';
import type { AddressLists } from './egress/address-lists.ts';
import { Destinations } from './egress/destination.ts';
import { FlowLogReader } from './egress/flow-log.ts';
import { isBucket, isLogGroup, type FlowLogSource, type TrafficLogBucket } from './egress/flow-source.ts';
import { readTrafficFile, readTrafficLines, UnreadableTrafficFileError, type TrafficRecords } from './egress/traffic-file.ts';
import { Egress } from './engine/egress.ts';
import { Engine } from './engine/engine.ts';
import { unpackSubscription, type Ports } from './ingest.ts';

/** A file in a bucket. */
export interface StoredFile {
  readonly bucketName: string;
  readonly key: string;
  readonly bytes: Uint8Array;
}

/** What became of a delivery, in counts. */
export interface FlowReport {
  /** Flow records; lines without a flow are none. */
  records: number;
  /** Look-ups of names. */
  lookUps: number;
  /** Records and look-ups of senders that nothing is known of, for each cluster that they may be of. */
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

/** Where records come from, for whom they are looked at, and where they are counted. */
interface Taken {
  readonly source: string;
  readonly origin: Origin;
  readonly clusters: readonly string[];
  readonly report: FlowReport;
}

/**
 * Takes in VPC flow logs and Route 53 Resolver query logs: deliveries of CloudWatch Logs, and files in S3. What is what is told
 * by each record itself, so both may be in one place.
 */
export class FlowIngest {
  readonly #egress: Egress;
  readonly #deadLetters: DeadLetters;
  readonly #readings: ReadonlyMap<string, Reading>;
  readonly #buckets: readonly TrafficLogBucket[];

  /** @throws {UnusableFlowFormatError} when a source's format is none. */
  constructor(ports: Ports, sources: readonly FlowLogSource[], lists: AddressLists = {}) {
    this.#egress = new Egress(new Engine(ports), ports.state, { destinations: new Destinations({ aws: lists.awsRanges }), ...(lists.threats ? { threats: lists.threats } : {}) });
    this.#deadLetters = ports.deadLetters;
    const byLogGroup = Map.groupBy(sources.filter(isLogGroup), ({ logGroupName }) => logGroupName);
    this.#readings = new Map([...byLogGroup].map(([name, some]) => [name, { reader: new FlowLogReader(some.find(({ format }) => format !== undefined)?.format), clusters: clustersOf(some) }]));
    this.#buckets = sources.filter(isBucket);
  }

  /**
   * Takes in one subscription payload, as `Ingest.subscription` does. Lines that cannot be read go whole to the dead letters.
   * @throws {UnknownSourceError} when it comes from no log group of the sources; and whatever a port throws. The same
   * payload can then be given again.
   */
  async subscription(payload: Uint8Array): Promise<FlowReport> {
    const report = emptyReport();
    const message = await unpackSubscription(payload, this.#deadLetters);
    if (!message) return { ...report, malformed: 1 };
    if (message.kind === 'control') return report;
    const { reader, clusters } = this.#readingOf(message.logStream.logGroup);
    await this.#process(readTrafficLines(message.records, reader), { source: message.source, origin: { kind: 'log', ...message.logStream }, clusters, report });
    return report;
  }

  /**
   * Takes in a file that AWS wrote to S3: text or gzip of it, of flow records with a header or of look-ups as JSON; or Parquet
   * of flow records. Lines that cannot be read go whole to the dead letters; of rows and files that cannot be read it is the
   * file's address, where it stays.
   * @throws {UnknownSourceError} when it is of none of the sources; and whatever a port throws. The same file can then be given again.
   */
  async file({ bucketName, key, bytes }: StoredFile): Promise<FlowReport> {
    const report = emptyReport();
    const source = `s3://${bucketName}/${key}`;
    const clusters = clustersOf(this.#buckets.filter((bucket) => bucket.bucketName === bucketName && key.startsWith(bucket.prefix ?? '')));
    if (clusters.length === 0) throw new UnknownSourceError(source);
    const taken: Taken = { source, origin: { kind: 'file', bucketName, key }, clusters, report };
    try {
      for await (const records of readTrafficFile(bytes)) await this.#process(records, taken);
    } catch (error) {
      if (!(error instanceof UnreadableTrafficFileError)) throw error;
      await this.#setAside(error.message, [source], taken);
    }
    return report;
  }

  async #setAside(reason: string, records: readonly string[], { source, origin, report }: Taken): Promise<void> {
    report.malformed += records.length;
    await this.#deadLetters.send({ reason, source, record: records.join('\n'), origin });
  }

  async #process({ flows, queries, malformed }: TrafficRecords, taken: Taken): Promise<void> {
    const { clusters, report } = taken;
    for (const [reason, some] of malformed) await this.#setAside(reason, some, taken);
    report.records += flows.length;
    report.lookUps += queries.length;
    for (const cluster of clusters) {
      if (flows.length > 0) count(await this.#egress.process(cluster, flows), report);
      if (queries.length > 0) count(await this.#egress.processQueries(cluster, queries), report);
    }
  }

  #readingOf(logGroup: string): Reading {
    const reading = this.#readings.get(logGroup);
    if (!reading) throw new UnknownSourceError(logGroup);
    return reading;
  }
}

function emptyReport(): FlowReport {
  return { records: 0, lookUps: 0, unknownSenders: 0, malformed: 0, findings: 0 };
}

function count({ unknown, findings }: { readonly unknown: number; readonly findings: number }, report: FlowReport): void {
  report.unknownSenders += unknown;
  report.findings += findings;
}

/** One place may be named for a cluster twice: for its flow log and its query log. */
function clustersOf(sources: readonly FlowLogSource[]): string[] {
  return [...new Set(sources.map(({ cluster }) => cluster))];
}

/** Records came from a place that is none of the sources: nobody can say of which cluster they are. */
export class UnknownSourceError extends Error {
  override readonly name = 'UnknownSourceError' as const;
  readonly source: string;
  constructor(source: string, options?: ErrorOptions) {
    super(`${source} is not among the sources of flow logs and query logs; deploy with all of them`, options);
    this.source = source;
  }
}
