import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { packSubscription } from '../../lib/audit/subscription.ts';
import { auditLogGroup } from '../../lib/cluster.ts';
import { isoTime, minuteMs } from '../../lib/time.ts';
import { readText } from '../reading/text.ts';

const folder = fileURLToPath(new URL('../../examples/shop/', import.meta.url));
const millisecondsPerPayload = 10 * minuteMs;

/** The sample's cluster, as its log group names it. */
export const sampleCluster = 'shop';

/** An attack in the sample. */
export interface Scenario {
  readonly id: string;
  readonly title: string;
  readonly start: string;
}

/** What is known of one request: which attack it belongs to, and whether it is the attack or a consequence. */
export interface Label {
  readonly auditID: string;
  readonly scenario: string;
  readonly role: 'attack' | 'consequence';
}

/** The sample's files of the days before a day (`2026-10-14`), and of that day and those after. */
export async function sampleFiles(day: string): Promise<{ history: string[]; stream: string[] }> {
  const names = (await readdir(folder)).filter((name) => name.startsWith('audit-')).sort();
  const isHistory = (name: string): boolean => name < `audit-${day}`;
  const paths = (chosen: string[]): string[] => chosen.map((name) => folder + name);
  return { history: paths(names.filter(isHistory)), stream: paths(names.filter((name) => !isHistory(name))) };
}

/** The sample's attacks that begin on a day or after it, in the order of time. */
export async function sampleScenarios(day: string): Promise<Scenario[]> {
  return (await readScenarios(folder)).filter(({ start }) => start >= day).sort((one, other) => (one.start < other.start ? -1 : 1));
}

/** The sample's labels by audit id. */
export function sampleLabels(): Promise<Map<string, Label[]>> {
  return readLabels(folder);
}

/** Reads the attacks of a recorded cluster's folder. */
export async function readScenarios(directory: string): Promise<Scenario[]> {
  return JSON.parse(await readFile(path.join(directory, 'scenarios.json'), 'utf8')) as Scenario[];
}

/** Reads the labels of a recorded cluster's folder, by audit id. */
export async function readLabels(directory: string): Promise<Map<string, Label[]>> {
  const labels = new Map<string, Label[]>();
  for (const line of (await readFile(path.join(directory, 'labels.jsonl'), 'utf8')).trim().split('\n')) {
    const label = JSON.parse(line) as Label;
    labels.set(label.auditID, [...(labels.get(label.auditID) ?? []), label]);
  }
  return labels;
}

/** A delivery to a subscription. */
export interface Payload {
  readonly bytes: Uint8Array;
  /** ISO time of its first record. */
  readonly time: string;
}

/** Gives files' records as CloudWatch Logs would deliver them to a subscription, ten minutes at a time. */
export async function* samplePayloads(files: readonly string[]): AsyncGenerator<Payload> {
  let records: string[] = [];
  let begunAt = -Infinity;
  for await (const record of linesOf(files)) {
    const timestamp = Date.parse((JSON.parse(record) as { stageTimestamp: string }).stageTimestamp);
    if (timestamp >= begunAt + millisecondsPerPayload) {
      if (records.length > 0) yield payloadOf(records, begunAt);
      records = [];
      begunAt = timestamp;
    }
    records.push(record);
  }
  if (records.length > 0) yield payloadOf(records, begunAt);
}

function payloadOf(records: readonly string[], time: number): Payload {
  const from = { owner: '111122223333', logGroup: auditLogGroup(sampleCluster), logStream: 'kube-apiserver-audit-0123456789abcdef0123456789abcdef', subscriptionFilters: ['tidemark'] };
  return { bytes: packSubscription(from, records, time), time: isoTime(time) };
}

async function* linesOf(files: readonly string[]): AsyncGenerator<string> {
  for (const file of files) {
    let text = '';
    for await (const piece of readText(file)) text += piece;
    yield* text.trimEnd().split('\n');
  }
}
