import { isDefaultFlowLine } from './flow-log.ts';
import { isFlowHeader } from './flow-fields.ts';
import { parseJson } from '../text.ts';

/** Which log a record is of. */
export type Content =
  | { readonly kind: 'audit' | 'flow' | 'query'; readonly record: string }
  /** The first line of a flow log's file: what its fields are. */
  | { readonly kind: 'flow-header'; readonly record: string }
  /** Of another log, or of a flow log whose format must be told. */
  | { readonly kind: 'other' };

const other: Content = { kind: 'other' };
/** A log event as CloudWatch Logs gives it, with the record in its message. */
const logEventStart = /^\{\s*"(logStreamName|timestamp|message|ingestionTime|eventId|id|@timestamp|@message)"\s*:/;
/** An exported or tailed record has its time before it, a tailed one its stream too. */
const prefix = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)?\s+(?:(?=\S*[a-zA-Z]-)[\w./-]+\s+)?/;

/**
 * Tells by a record's content which log it is of, and gives the record itself without what CloudWatch Logs puts around
 * it: a JSON object with the message, or a time and a stream's name. It looks only at how a record is built: what a text
 * within it says does not count. A flow log of a custom format is known by its header only.
 */
export function contentOf(text: string): Content {
  const record = messageOf(text.trim());
  if (!record.startsWith('{')) return lineContent(record);
  const json = parseJson(record);
  if (typeof json !== 'object' || json === null) return other;
  if ('kind' in json && json.kind === 'Event' && 'apiVersion' in json && typeof json.apiVersion === 'string' && json.apiVersion.startsWith('audit.k8s.io/')) return { kind: 'audit', record };
  return 'query_name' in json && 'srcaddr' in json && 'query_timestamp' in json ? { kind: 'query', record } : other;
}

function messageOf(text: string): string {
  if (!logEventStart.test(text)) return text.slice(prefix.exec(text)?.[0].length ?? 0);
  const event = parseJson(text) as { readonly message?: unknown; readonly '@message'?: unknown } | undefined;
  const message = event?.message ?? event?.['@message'];
  return typeof message === 'string' ? message.trim() : text;
}

function lineContent(record: string): Content {
  if (isFlowHeader(record)) return { kind: 'flow-header', record };
  return isDefaultFlowLine(record) ? { kind: 'flow', record } : other;
}
