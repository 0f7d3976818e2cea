import { MalformedRecordError, parseAuditEvent, type AuditEvent } from './audit/event.ts';
import { readSubscription, UnreadablePayloadError, type SubscriptionMessage } from './audit/subscription.ts';
import { Addresses } from './engine/addresses.ts';
import { Engine } from './engine/engine.ts';
import type { DeadLetters, FindingStore, StateStore } from './store.ts';

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
  /** Records that could not be read and went to the dead letters. */
  malformed: number;
  /** Records of streams that are not audit logs (authenticator, scheduler, …). */
  otherStreams: number;
  /** Findings written or changed. */
  findings: number;
}

/** How deliveries are taken in. */
export interface IngestOptions {
  /** Whether it is learned who has which address, which flow logs cannot be told without. */
  readonly learnsAddresses?: boolean;
}

/** Takes in deliveries of CloudWatch Logs. */
export class Ingest {
  readonly #engine: Engine;
  readonly #addresses: Addresses | undefined;
  readonly #deadLetters: DeadLetters;

  constructor(ports: Ports, { learnsAddresses = false }: IngestOptions = {}) {
    this.#engine = new Engine(ports);
    this.#addresses = learnsAddresses ? new Addresses(ports.state) : undefined;
    this.#deadLetters = ports.deadLetters;
  }

  /**
   * Takes in one subscription payload: gzip bytes of a `DATA_MESSAGE` or `CONTROL_MESSAGE`, as they come base64 in
   * `awslogs.data` or as the data of a Kinesis record. What cannot be read goes whole to the dead letters: the payload,
   * or the records in it. Throws only when a port fails; the same payload can then be given again.
   */
  async subscription(payload: Uint8Array): Promise<IngestReport> {
    const report: IngestReport = { records: 0, requests: 0, malformed: 0, otherStreams: 0, findings: 0 };
    const message = await unpackSubscription(payload, this.#deadLetters);
    if (!message) return { ...report, malformed: 1 };
    if (message.kind === 'other') report.otherStreams = message.records.length;
    if (message.kind !== 'audit') return report;
    report.records = message.records.length;
    const events = await this.#read(message, report);
    await this.#addresses?.learn(message.cluster, events);
    const { requests, findings } = await this.#engine.process({ cluster: message.cluster, events });
    return { ...report, requests, findings };
  }

  async #read({ records, source }: SubscriptionMessage, report: IngestReport): Promise<AuditEvent[]> {
    const events: AuditEvent[] = [];
    for (const record of records) {
      try {
        events.push(parseAuditEvent(record));
      } catch (error) {
        if (!(error instanceof MalformedRecordError)) throw error;
        report.malformed += 1;
        await this.#deadLetters.send({ reason: error.message, source, record });
      }
    }
    return events;
  }
}

/** Unpacks a subscription payload; one that cannot be unpacked goes whole to the dead letters, and `undefined` is given. */
export async function unpackSubscription(payload: Uint8Array, deadLetters: DeadLetters): Promise<SubscriptionMessage | undefined> {
  try {
    return readSubscription(payload);
  } catch (error) {
    if (!(error instanceof UnreadablePayloadError)) throw error;
    await deadLetters.send({ reason: error.message, source: 'subscription', record: Buffer.from(payload).toString('base64') });
    return undefined;
  }
}
