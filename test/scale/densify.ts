import type { AuditEvent } from '../../lib/audit/event.ts';

/** What is done again is done within so many milliseconds. */
const spreadMs = 300_000;

/**
 * Gives a log as dense as one that was not thinned: each event so many times, spread evenly over five minutes, as those do who ask the same
 * again and again. Who asks, and for what, stays as it was. Sorted by time.
 */
export function densify(events: readonly AuditEvent[], times: number): AuditEvent[] {
  const all = events.flatMap((event) =>
    Array.from({ length: times }, (_, index) => {
      if (index === 0) return event;
      const time = new Date(Date.parse(event.requestReceivedTimestamp) + Math.floor((index * spreadMs) / times)).toISOString();
      return { ...event, auditID: `${event.auditID}-${String(index)}`, requestReceivedTimestamp: time, stageTimestamp: time };
    }));
  return all.sort((one, other) => Date.parse(one.requestReceivedTimestamp) - Date.parse(other.requestReceivedTimestamp));
}
