import * as z from 'zod';
import { parseJson } from '../text.ts';

/** A time the API server writes, such as `2026-03-01T09:00:00.123456Z`; other years than these are broken clocks. */
const timestamp = z.string().max(40).refine((value) => {
  const time = Date.parse(value);
  return time >= Date.UTC(2015, 0) && time < Date.UTC(2100, 0);
}, 'is no time between 2015 and 2100');

/** As much as a finding keeps. */
const maxAuditId = 128;

const user = z.object({
  username: z.string().max(2048).optional(),
  groups: z.array(z.string()).max(2000).optional(),
  extra: z.record(z.string(), z.array(z.string())).nullish(),
});

/**
 * What Tidemark reads of an `audit.k8s.io/v1` event; all other fields are left.
 * Source: https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/
 */
const auditEventSchema = z.object({
  kind: z.literal('Event'),
  apiVersion: z.literal('audit.k8s.io/v1'),
  // A caller may choose it, of any length: a header names it (k8s.io/apiserver/pkg/endpoints/filters/audit_init.go).
  auditID: z.string().min(1).transform((id) => id.slice(0, maxAuditId).toWellFormed()),
  stage: z.enum(['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic']),
  requestURI: z.string(),
  verb: z.string().max(64),
  user,
  impersonatedUser: user.nullish(),
  sourceIPs: z.array(z.string()).optional(),
  userAgent: z.string().optional(),
  objectRef: z
    .object({
      resource: z.string().optional(),
      namespace: z.string().optional(),
      name: z.string().optional(),
      apiGroup: z.string().optional(),
      subresource: z.string().optional(),
    })
    .nullish(),
  responseStatus: z.object({ code: z.int().optional(), reason: z.string().optional() }).nullish(),
  requestObject: z.unknown().optional(),
  // Of answers only a pod says something that no other field does: its name, address and owner. All others are left.
  responseObject: z.looseObject({ kind: z.literal('Pod') }).optional().catch(undefined),
  requestReceivedTimestamp: timestamp,
  stageTimestamp: timestamp,
  annotations: z.record(z.string(), z.string()).nullish(),
});

/** One stage of one request, as the API server logged it. Every text in it can be chosen by an attacker. */
export type AuditEvent = z.output<typeof auditEventSchema>;

/**
 * Reads one log record of an audit stream.
 * @returns the event, or why the record is none: the message names the field, never the content.
 */
export function readAuditEvent(text: string): AuditEvent | MalformedRecordError {
  const json = parseJson(text);
  // The parser's own error quotes the record: it must not get into a log.
  if (json === undefined) return new MalformedRecordError('the record is no JSON');
  const parsed = auditEventSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const field = fieldName(parsed.error.issues[0]?.path ?? []);
  return new MalformedRecordError(field === '' ? 'the record is no audit event' : `the event's field ${field} is missing or of another kind`);
}

/**
 * Reads a record that must be an audit event.
 * @throws {MalformedRecordError} when it is none.
 */
export function parseAuditEvent(text: string): AuditEvent {
  const event = readAuditEvent(text);
  if (event instanceof MalformedRecordError) throw event;
  return event;
}

/** Keys of annotations, and what is deeper down, come from outside and are not repeated. */
function fieldName([first = '', second = '']: readonly PropertyKey[]): string {
  return [first, first === 'annotations' ? '' : second].map(String).filter((part) => part !== '').join('.');
}

/** A record of an audit stream is no audit event. It goes to the dead letters whole. */
export class MalformedRecordError extends Error {
  override readonly name = 'MalformedRecordError' as const;
}
