import { Destinations } from './egress/destination.ts';
import { readFlowFile, readFlowLines, UnreadableFlowFileError } from './egress/flow-file.ts';
import { FlowLogReader } from './egress/flow-log.ts';
import type { FlowRecord } from './egress/flow-record.ts';
import { isBucket, isLogGroup, type FlowLogBucket, type FlowLogSource } from './egress/flow-source.ts';
import { Egress } from './engine/egress.ts';
import { Engine } from './engine/engine.ts';
import { unpackSubscription, type Ports } from './ingest.ts';
import type { DeadLetters } from './store.ts';

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

/** Takes in VPC flow logs: deliveries of CloudWatch Logs, and files in S3. */
export class FlowIngest {
  readonly #egress: Egress;
  readonly #deadLetters: DeadLetters;
  readonly #readings: ReadonlyMap<string, Reading>;
  readonly #buckets: readonly FlowLogBucket[];

  /** @throws {UnusableFlowFormatError} when a source's format is none. */
  constructor(ports: Ports, sources: readonly FlowLogSource[]) {
    this.#egress = new Egress(new Engine(ports), ports.state, { destinations: new Destinations() });
    this.#deadLetters = ports.deadLetters;
    const byLogGroup = Map.groupBy(sources.filter(isLogGroup), ({ logGroupName }) => logGroupName);
    this.#readings = new Map([...byLogGroup].map(([name, some]) => [name, { reader: new FlowLogReader(some[0]?.format), clusters: some.map(({ cluster }) => cluster) }]));
    this.#buckets = sources.filter(isBucket);
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
    const { records, malformed } = readFlowLines(message.records, reader);
    for (const [reason, some] of malformed) await this.#setAside(reason, message.source, some, report);
    await this.#process(records, clusters, report);
    return report;
  }

  /**
   * Takes in a file that a flow log wrote to S3: gzip of text or text, with a header, or Parquet. Lines that cannot be read go
   * whole to the dead letters; of rows and files that cannot be read it is the file's address, where it stays.
   * @throws {UnknownSourceError} when it is of none of the sources; and whatever a port throws. The same file can then be given again.
   */
  async file({ bucketName, key, bytes }: StoredFile): Promise<FlowReport> {
    const report: FlowReport = { records: 0, unknownSenders: 0, malformed: 0, findings: 0 };
    const source = `s3://${bucketName}/${key}`;
    const clusters = this.#buckets.filter((bucket) => bucket.bucketName === bucketName && key.startsWith(bucket.prefix ?? '')).map(({ cluster }) => cluster);
    if (clusters.length === 0) throw new UnknownSourceError(source);
    try {
      for await (const { records, malformed } of readFlowFile(bytes)) {
        for (const [reason, some] of malformed) await this.#setAside(reason, source, some, report);
        await this.#process(records, clusters, report);
      }
    } catch (error) {
      if (!(error instanceof UnreadableFlowFileError)) throw error;
      await this.#setAside(error.message, source, [source], report);
    }
    return report;
  }

  async #setAside(reason: string, source: string, records: readonly string[], report: FlowReport): Promise<void> {
    report.malformed += records.length;
    await this.#deadLetters.send({ reason, source, record: records.join('\n') });
  }

  async #process(records: readonly FlowRecord[], clusters: readonly string[], report: FlowReport): Promise<void> {
    report.records += records.length;
    for (const cluster of clusters) {
      const { unknown, findings } = await this.#egress.process(cluster, records);
      report.unknownSenders += unknown;
      report.findings += findings;
    }
  }

  /** A flow log's streams are named after interfaces, so a stream's name has no slash. */
  #readingOf(source: string): Reading {
    const reading = this.#readings.get(source.slice(0, source.lastIndexOf('/')));
    if (!reading) throw new UnknownSourceError(source);
    return reading;
  }
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
