import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import { parseAuditEvent, type AuditEvent } from '../../lib/audit/event.ts';
import { identityOf, type Identity } from '../../lib/identity.ts';

const labelSchema = z.object({
  auditID: z.string(),
  row: z.string(),
  group: z.enum(['hit', 'near', 'routine']),
  variant: z.string(),
  expectedCategory: z.string().nullish(),
  refusedUnread: z.boolean().optional(),
});
const consequenceSchema = z.object({ auditID: z.string(), of: z.string() });

/** What a labelled request is: the act itself, the closest innocent one, or the same done by whose daily work it is. */
export type ActGroup = z.output<typeof labelSchema>['group'];

/** A labelled request. */
export interface Act extends z.output<typeof labelSchema> {
  readonly identity: Identity;
  /** All stages of the request. */
  readonly events: readonly AuditEvent[];
  /** What others did with the object it made. */
  readonly consequences: readonly AuditEvent[];
}

/** A recording of acts: what was labelled, and all else that went on. */
export interface Recording {
  readonly acts: readonly Act[];
  /** Neither labelled nor the consequence of something labelled. */
  readonly unlabelled: readonly AuditEvent[];
}

/**
 * Reads the recording in a directory.
 * @throws when a file is missing or a line of it is not what it should be.
 */
export function readRecording(directory: string): Recording {
  const text = gunzipSync(readFileSync(path.join(directory, 'events.jsonl.gz'))).toString();
  const events = linesOf(text).map(parseAuditEvent);
  const stages = Map.groupBy(events, ({ auditID }) => auditID);
  const eventsOf = (id: string): AuditEvent[] => stages.get(id) ?? [];
  const labels = readLines(path.join(directory, 'acts.jsonl'), labelSchema);
  const consequences = readLines(path.join(directory, 'consequences.jsonl'), consequenceSchema);
  const byCause = Map.groupBy(consequences, ({ of }) => of);
  const explained = new Set([...labels, ...consequences].map(({ auditID }) => auditID));
  return {
    acts: labels.map((label) => {
      const [first, ...rest] = eventsOf(label.auditID);
      if (!first) throw new Error(`no event has the audit id ${label.auditID} of a request of ${label.row}`);
      const caused = (byCause.get(label.auditID) ?? []).flatMap(({ auditID }) => eventsOf(auditID));
      return { ...label, identity: identityOf(first), events: [first, ...rest], consequences: caused };
    }),
    unlabelled: events.filter(({ auditID }) => !explained.has(auditID)),
  };
}

/** Whether an act is there to be its identity's history. */
export function isBaseline({ group, variant }: Act): boolean {
  return group === 'near' && variant.endsWith('(baseline)');
}

function readLines<Line>(file: string, schema: z.ZodType<Line>): Line[] {
  return linesOf(readFileSync(file, 'utf8')).map((line) => schema.parse(JSON.parse(line)));
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
