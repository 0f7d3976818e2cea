import type { AuditEvent } from '../lib/audit/event.ts';
import type { FlowRecord } from '../lib/egress/flow-record.ts';
import type { DnsQuery } from '../lib/egress/query-log.ts';
import type { LogItem } from './audit-files.ts';
import { minuteMs } from '../lib/time.ts';

/** What is given to the engine together, as CloudWatch Logs delivers it. */
export interface Delivery {
  readonly cluster: string;
  readonly events: AuditEvent[];
  readonly records: FlowRecord[];
  readonly queries: DnsQuery[];
}

/** How large a delivery may become. */
export interface DeliveryLimits {
  /** Of event time. */
  readonly milliseconds: number;
  readonly events: number;
}

/** About what CloudWatch Logs delivers of a busy cluster. */
export const usualDelivery: DeliveryLimits = { milliseconds: minuteMs, events: 500 };

/** Cuts sorted events into deliveries within the limits; none is empty. */
export async function* cutDeliveries(events: AsyncIterable<AuditEvent> | Iterable<AuditEvent>, cluster: string, limits = usualDelivery): AsyncGenerator<Delivery> {
  yield* cutItems(timed(events), cluster, limits);
}

async function* timed(events: AsyncIterable<AuditEvent> | Iterable<AuditEvent>): AsyncGenerator<LogItem> {
  for await (const event of events) yield { kind: 'event', event, time: Date.parse(event.requestReceivedTimestamp), order: '' };
}

/** Cuts sorted events and flow records into deliveries within the limits; none is empty. */
export async function* cutItems(items: AsyncIterable<LogItem>, cluster: string, limits = usualDelivery): AsyncGenerator<Delivery> {
  let batch: Delivery = { cluster, events: [], records: [], queries: [] };
  let count = 0;
  let endsAt = -Infinity;
  for await (const item of items) {
    if (count > 0 && (item.time >= endsAt || count >= limits.events)) {
      yield batch;
      batch = { cluster, events: [], records: [], queries: [] };
      count = 0;
    }
    // What comes late belongs to the delivery it comes with.
    if (count === 0) endsAt = Math.max(endsAt, item.time + limits.milliseconds);
    count += 1;
    if (item.kind === 'event') batch.events.push(item.event);
    else if (item.kind === 'flow') batch.records.push(item.record);
    else batch.queries.push(item.query);
  }
  if (count > 0) yield batch;
}
