import type { AuditEvent } from '../lib/audit/event.ts';

/** Events that are given to the engine together, as CloudWatch Logs delivers them. */
export interface Delivery {
  readonly cluster: string;
  readonly events: AuditEvent[];
}

/** How large a delivery may become. */
export interface DeliveryLimits {
  /** Of event time. */
  readonly milliseconds: number;
  readonly events: number;
}

/** About what CloudWatch Logs delivers of a busy cluster. */
export const usualDelivery: DeliveryLimits = { milliseconds: 60_000, events: 500 };

/** Cuts sorted events into deliveries within the limits; none is empty. */
export async function* cutDeliveries(events: AsyncIterable<AuditEvent>, cluster: string, limits = usualDelivery): AsyncGenerator<Delivery> {
  let batch: AuditEvent[] = [];
  let endsAt = -Infinity;
  const next = (): Delivery => ({ cluster, events: batch });
  for await (const event of events) {
    const time = Date.parse(event.requestReceivedTimestamp);
    if (batch.length > 0 && (time >= endsAt || batch.length >= limits.events)) {
      yield next();
      batch = [];
    }
    // An event that comes late belongs to the delivery it comes with.
    if (batch.length === 0) endsAt = Math.max(endsAt, time + limits.milliseconds);
    batch.push(event);
  }
  if (batch.length > 0) yield next();
}
