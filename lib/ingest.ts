import { MalformedRecordError, readAuditEvent, type AuditEvent } from './audit/event.ts';
import { readSubscription, UnreadablePayloadError, type SubscriptionMessage } from './audit/subscription.ts';
import { HeldDeliveries, type Backfill } from './backfill/held-deliveries.ts';
import type { Home } from './cluster.ts';
import type { DeadLetters } from './dead-letter.ts';
import { Addresses } from './engine/addresses.ts';
import { ContentionError } from './engine/contention.ts';
import { Engine } from './engine/engine.ts';
import type { FindingStore, StateStore } from './store.ts';
import { Heartbeats } from './watch/heartbeat.ts';
import { meetCluster } from './watch/known-clusters.ts';

/** What the flow from a delivery to findings needs of the outside. */
export interface Ports {
  readonly state: StateStore;
  readonly findings: FindingStore;
  readonly deadLetters: DeadLetters;
}

/** What became of a delivery, in counts. */
export interface IngestReport {
  /** Log records in audit streams. */
  records: number;
  /** Requests: stages of one are taken together. */
  requests: number;
  /** Identities that made them. */
  identities: number;
  /** Records that could not be read and went to the dead letters. */
  malformed: number;
  /** Records of streams that are not audit logs (authenticator, scheduler, …). */
  otherStreams: number;
  /** Findings written or changed. */
  findings: number;
  /** Events that are left to the learning of the cluster's history, which reads them from the log. */
  held?: number;
  /** How long before its delivery the oldest event happened, in milliseconds; where it is known when that was. */
  lagMs?: number;
}

/** How deliveries are taken in. */
export interface IngestOptions {
  /** Whether it is learned who has which address, which flow logs cannot be told without. */
  readonly learnsAddresses?: boolean;
  /** How the history of a cluster is learned that nothing is known of; without it none is. */
  readonly backfill?: Backfill;
  /** Where the deployment is, when clusters come that it does not name: each is then watched, and one from elsewhere has an id that says where. */
  readonly home?: Home;
}

/** Takes in deliveries of CloudWatch Logs. */
export class Ingest {
  readonly #engine: Engine;
  readonly #addresses: Addresses | undefined;
  readonly #deadLetters: DeadLetters;
  readonly #heartbeats: Heartbeats;
  readonly #held: HeldDeliveries;
  readonly #state: StateStore;
  readonly #home: Home | undefined;
  /** Clusters that are known to be watched. */
  readonly #met = new Set<string>();

  constructor(ports: Ports, { learnsAddresses = false, backfill, home }: IngestOptions = {}) {
    this.#engine = new Engine(ports);
    this.#addresses = learnsAddresses ? new Addresses(ports.state) : undefined;
    this.#deadLetters = ports.deadLetters;
    this.#heartbeats = new Heartbeats(ports.state);
    this.#held = new HeldDeliveries(ports.state, backfill);
    this.#state = ports.state;
    this.#home = home;
  }

  /**
   * Takes in one subscription payload: gzip bytes of a `DATA_MESSAGE` or `CONTROL_MESSAGE`, as they come base64 in
   * `awslogs.data` or as the data of a Kinesis record. What cannot be read goes whole to the dead letters: the payload,
   * or the records in it. Throws only when a port fails; the same payload can then be given again. With the time at which it arrived,
   * in milliseconds since the epoch, it is a sign of life of the cluster's log.
   */
  async subscription(payload: Uint8Array, arrived?: number): Promise<IngestReport> {
    const report: IngestReport = { records: 0, requests: 0, identities: 0, malformed: 0, otherStreams: 0, findings: 0 };
    const message = await unpackSubscription(payload, this.#deadLetters, this.#home);
    if (!message) return { ...report, malformed: 1 };
    if (message.kind === 'other') report.otherStreams = message.records.length;
    if (message.kind !== 'audit') return report;
    report.records = message.records.length;
    const events = await this.#read(message, report);
    await this.#addresses?.learn(message.cluster, events);
    // Before it is a sign of life, by which the cluster would be known.
    const isHeld = arrived !== undefined && events.length > 0 && (await this.#held.holds(message.cluster, arrived));
    if (isHeld) report.held = events.length;
    const { requests, identities, findings } = isHeld ? { requests: 0, identities: 0, findings: 0 } : await this.#engine.process({ cluster: message.cluster, events });
    const times = events.map(({ stageTimestamp }) => Date.parse(stageTimestamp));
    if (arrived === undefined || report.records === 0) return { ...report, requests, identities, findings };
    await this.#heartbeats.beat(message.cluster, { newest: times.length > 0 ? latest(times) : undefined, records: report.records, malformed: report.malformed }, arrived);
    await this.#meet(message.cluster);
    return { ...report, requests, identities, findings, ...(times.length > 0 ? { lagMs: Math.max(0, arrived - earliest(times)) } : {}) };
  }

  /** After the heartbeat: a cluster without one is taken for gone. When very many are met at once, some have to wait for their next delivery. */
  async #meet(cluster: string): Promise<void> {
    if (!this.#home || this.#met.has(cluster)) return;
    try {
      for (const known of [...(await meetCluster(this.#state, cluster)), cluster]) this.#met.add(known);
    } catch (error) {
      if (!(error instanceof ContentionError)) throw error;
    }
  }

  async #read({ records, source, logStream }: SubscriptionMessage, report: IngestReport): Promise<AuditEvent[]> {
    const events: AuditEvent[] = [];
    for (const record of records) {
      const event = readAuditEvent(record);
      if (event instanceof MalformedRecordError) {
        report.malformed += 1;
        await this.#deadLetters.send({ reason: event.message, source, record, origin: { kind: 'log', ...logStream } });
      } else {
        events.push(event);
      }
    }
    return events;
  }
}

/** Unpacks a subscription payload; one that cannot be unpacked goes whole to the dead letters, and `undefined` is given. */
export async function unpackSubscription(payload: Uint8Array, deadLetters: DeadLetters, home?: Home): Promise<SubscriptionMessage | undefined> {
  try {
    return readSubscription(payload, home);
  } catch (error) {
    if (!(error instanceof UnreadablePayloadError)) throw error;
    await deadLetters.send({ reason: error.message, source: 'subscription', record: Buffer.from(payload).toString('base64'), origin: { kind: 'payload' } });
    return undefined;
  }
}

function latest(times: readonly number[]): number {
  return times.reduce((most, time) => Math.max(most, time), -Infinity);
}

function earliest(times: readonly number[]): number {
  return times.reduce((least, time) => Math.min(least, time), Infinity);
}
