import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { AuditFiles } from '../../cli/audit-files.ts';
import type { AuditEvent } from '../../lib/audit/event.ts';

const scenarioSchema = z.object({ id: z.string(), title: z.string(), category: z.string(), start: z.iso.datetime(), end: z.iso.datetime() });
const labelSchema = z.object({ auditID: z.string(), scenario: z.string(), role: z.enum(['attack', 'consequence']) });
const statsSchema = z.object({ name: z.string(), start: z.iso.datetime(), days: z.number().positive() });

/** An attack in a recorded cluster. */
export type Scenario = z.output<typeof scenarioSchema>;
/** What is known of one request: which attack it belongs to, and whether it is the attack or what followed from it. */
export type Label = z.output<typeof labelSchema>;

/** What is known of a recorded cluster besides its events. */
export interface Truth {
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly start: number;
  readonly days: number;
  readonly scenarios: readonly Scenario[];
  /** By audit id; what has none is innocent. */
  readonly labels: ReadonlyMap<string, readonly Label[]>;
}

/** A recorded cluster with labelled attacks. */
export interface Corpus extends Truth {
  /** In the order of time. */
  readonly events: readonly AuditEvent[];
}

/**
 * Reads a folder with audit-*.jsonl.gz, labels.jsonl, scenarios.json and stats.json into memory.
 * @throws when a file is missing or not what it should be.
 */
export async function readCorpus(folder: string): Promise<Corpus> {
  const text = (name: string): Promise<string> => readFile(path.join(folder, name), 'utf8');
  const { name, start, days } = statsSchema.parse(JSON.parse(await text('stats.json')));
  const scenarios = z.array(scenarioSchema).parse(JSON.parse(await text('scenarios.json')));
  const lines = (await text('labels.jsonl')).split('\n').filter((line) => line !== '');
  const labels = Map.groupBy(lines.map((line) => labelSchema.parse(JSON.parse(line))), ({ auditID }) => auditID);
  const events: AuditEvent[] = [];
  for await (const event of (await AuditFiles.open([folder])).events()) events.push(event);
  return { name, start: Date.parse(start), days, scenarios, labels, events };
}
