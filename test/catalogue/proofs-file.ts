import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import { parseAuditEvent, type AuditEvent } from '../../lib/audit/event.ts';
import { identityOf } from '../../lib/identity.ts';
import type { Habit } from '../evaluation/acts-history.ts';
import type { Proof } from './proof.ts';

const file = path.join(import.meta.dirname, 'proofs.jsonl.gz');

/** One event of everyday life, of what came before an act, or of an act. */
const lineSchema = z.object({ part: z.enum(['life', 'before', 'act']), row: z.string(), event: z.unknown() });
type Line = z.output<typeof lineSchema>;

/** Proofs by row, and what all who are in them, and some others, do every day. */
export interface Proofs {
  readonly life: ReadonlyMap<string, Habit>;
  readonly byRow: ReadonlyMap<string, Proof>;
}

/** Reads the proofs that are kept beside this file; `cut.ts` makes them. */
export function readProofs(): Proofs {
  const lines = gunzipSync(readFileSync(file)).toString().split('\n').filter((line) => line !== '').map((line) => lineSchema.parse(JSON.parse(line)));
  const eventsOf = (some: readonly Line[], part: Line['part']): AuditEvent[] => some.filter((line) => line.part === part).map(({ event }) => parseAuditEvent(JSON.stringify(event)));
  const life = Map.groupBy(eventsOf(lines, 'life'), (event) => identityOf(event).id);
  return {
    life: new Map([...life].map(([id, events]) => [id, { identity: identityOf(events[0] as AuditEvent), events }])),
    byRow: new Map([...Map.groupBy(lines.filter(({ part }) => part !== 'life'), ({ row }) => row)].map(([row, some]) => {
      const act = eventsOf(some, 'act');
      return [row, { row, identity: identityOf(act[0] as AuditEvent), before: eventsOf(some, 'before'), act }];
    })),
  };
}

/** Writes them there. */
export function writeProofs({ life, byRow }: Proofs): void {
  const linesOf = (part: Line['part'], row: string, events: readonly AuditEvent[]): Line[] => events.map((event) => ({ part, row, event }));
  const lines = [
    ...[...life.values()].flatMap(({ events }) => linesOf('life', '', events)),
    ...[...byRow.values()].flatMap(({ row, before, act }) => [...linesOf('before', row, before), ...linesOf('act', row, act)]),
  ];
  writeFileSync(file, gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join(''), { level: 9 }));
}
