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
  /** Requests that were scored (stages merged, repeats left out). */
  requests: number;
  /** Events of requests that had been scored before. */
  repeats: number;
  /** Records that could not be read and went to the dead letters. */
  malformed: number;
  /** Records of streams that are not audit logs (authenticator, scheduler, …). */
  otherStreams: number;
  /** Findings written or changed. */
  findings: number;
  /** 1 when the very same delivery had been taken in before, else 0. */
  repeatedDeliveries: number;
}

/**
 * Takes in one CloudWatch Logs subscription payload: gzip bytes of a `DATA_MESSAGE` or `CONTROL_MESSAGE`, as they come
 * base64 in `awslogs.data` or as the data of a Kinesis record. A payload that cannot be read at all goes whole to the
 * dead letters. Throws only when a port fails; the same payload can then be given again.
 */
export async function ingestSubscription(payload: Uint8Array, ports: Ports): Promise<IngestReport> {
  await Promise.resolve();
  void payload;
  void ports;
  throw new Error('written next');
}
