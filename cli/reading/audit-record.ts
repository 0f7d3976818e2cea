import { MalformedRecordError, readAuditEvent, type AuditEvent } from '../../lib/audit/event.ts';
import { parseJson } from '../../lib/text.ts';
import type { FileRecord } from './splitter.ts';

/** What a record turned out to be. */
export type AuditRecord =
  | { readonly kind: 'event'; readonly event: AuditEvent; readonly time: number }
  | { readonly kind: 'malformed'; readonly reason: string }
  /** Of another log: authenticator, scheduler, … */
  | { readonly kind: 'other' };

const other: AuditRecord = { kind: 'other' };
const otherStreams = /^(authenticator|kube-scheduler|kube-controller-manager|cloud-controller-manager|kube-apiserver-(?!audit))/;
const auditStream = /^kube-apiserver-audit/;
/** An exported or tailed record: its time, for a tailed one its stream, then the message. */
const prefix = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)?\s+(?:([\w./-]+)\s+)?(?=\{)/;
/** A log event as CloudWatch Logs gives it, with the record in its message. */
const logEventStart = /^\{\s*"(logStreamName|timestamp|message|ingestionTime|eventId|id)"\s*:/;

/**
 * Tells by a record's content what it is and reads it. `fromAuditLog` says that the file is known to hold audit
 * events, so a broken JSON record is one of them.
 */
export function readAuditRecord(record: FileRecord, fromAuditLog: boolean): AuditRecord {
  if (record.problem !== undefined) return malformed(record.problem);
  const text = record.text.trim();
  if (logEventStart.test(text)) return readLogEvent(text, fromAuditLog);
  const [before = '', stream = ''] = prefix.exec(text) ?? [];
  return readMessage(text.slice(before.length), stream, fromAuditLog);
}

function readLogEvent(text: string, fromAuditLog: boolean): AuditRecord {
  const logEvent = parseJson(text);
  if (typeof logEvent !== 'object' || logEvent === null) return fromAuditLog || text.includes('audit.k8s.io/') ? malformed('the log event is no JSON') : other;
  const { message, logStreamName } = logEvent as { message?: unknown; logStreamName?: unknown };
  if (typeof message !== 'string') return other;
  return readMessage(message.trim(), typeof logStreamName === 'string' ? logStreamName : '', fromAuditLog);
}

function readMessage(message: string, stream: string, fromAuditLog: boolean): AuditRecord {
  if (otherStreams.test(stream)) return other;
  if (message.startsWith('{') && message.includes('"audit.k8s.io/')) return readEvent(message);
  if (auditStream.test(stream)) return malformed('the record of an audit stream is no audit event');
  const broken = message.startsWith('{') && fromAuditLog && parseJson(message) === undefined;
  return broken ? malformed('the record is no JSON') : other;
}

function readEvent(message: string): AuditRecord {
  const event = readAuditEvent(message);
  if (event instanceof MalformedRecordError) return malformed(event.message);
  const time = Date.parse(event.requestReceivedTimestamp);
  return Number.isNaN(time) ? malformed('the event has no time') : { kind: 'event', event, time };
}

function malformed(reason: string): AuditRecord {
  return { kind: 'malformed', reason };
}
