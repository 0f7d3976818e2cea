import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { readText } from '../reading/text.ts';
import { minuteMs } from '../../lib/time.ts';

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
  readonly bytes: Buffer;
  /** ISO time of its first record. */
  readonly time: string;
}

interface LogEvent {
  readonly id: string;
  readonly timestamp: number;
  readonly message: string;
}

/** Gives files' records as CloudWatch Logs would deliver them to a subscription, ten minutes at a time. */
export async function* samplePayloads(files: readonly string[]): AsyncGenerator<Payload> {
  let logEvents: LogEvent[] = [];
  let endsAt = -Infinity;
  let count = 0;
  for await (const message of linesOf(files)) {
    const timestamp = Date.parse((JSON.parse(message) as { stageTimestamp: string }).stageTimestamp);
    if (timestamp >= endsAt) {
      if (logEvents.length > 0) yield payloadOf(logEvents);
      logEvents = [];
      endsAt = timestamp + millisecondsPerPayload;
    }
    logEvents.push({ id: String(++count).padStart(56, '0'), timestamp, message });
  }
  if (logEvents.length > 0) yield payloadOf(logEvents);
}

function payloadOf(logEvents: readonly LogEvent[]): Payload {
  const message = {
    messageType: 'DATA_MESSAGE',
    owner: '111122223333',
    logGroup: `/aws/eks/${sampleCluster}/cluster`,
    logStream: 'kube-apiserver-audit-0123456789abcdef0123456789abcdef',
    subscriptionFilters: ['tidemark'],
    logEvents,
  };
  return { bytes: gzipSync(JSON.stringify(message), { level: 1 }), time: new Date(logEvents[0]?.timestamp ?? 0).toISOString() };
}

async function* linesOf(files: readonly string[]): AsyncGenerator<string> {
  for (const file of files) {
    let text = '';
    for await (const piece of readText(file)) text += piece;
    yield* text.trimEnd().split('\n');
  }
}
