import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { AuditFiles } from '../cli/audit-files.ts';
import { cutDeliveries } from '../cli/deliveries.ts';
import { judge } from '../cli/demo/verdict.ts';
import { readLabels, readScenarios } from '../cli/demo/sample.ts';
import { Engine } from '../lib/engine/engine.ts';
import type { Finding } from '../lib/finding.ts';
import { MemoryFindingStore } from '../lib/memory-stores.ts';
import { CountingStateStore } from './evaluation/counting-state-store.ts';

/** Scores at which a person might be told; the shipped one is in lib/scoring/episode.ts. */
const thresholds = [3, 3.5, 4, 4.5, 5, 5.5, 6, 7, 8, 10];

/** What one recorded cluster led to. */
interface Result {
  readonly name: string;
  readonly findings: readonly Finding[];
  readonly state: CountingStateStore;
  readonly events: number;
  readonly seconds: number;
  /** How long only reading the same events takes. */
  readonly readingSeconds: number;
}

/**
 * Measures the detector on recorded clusters, each with labels: what it finds, what it says wrongly, how large its
 * state is and how much it writes. `npm run evaluate -- FOLDER…`; the folders' parent holds the scorer, score.mjs.
 */
async function evaluate(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { misses: { type: 'boolean' } } });
  if (positionals.length === 0) {
    process.stderr.write('usage: npm run evaluate -- [--misses] FOLDER…\nEach folder holds audit-*.jsonl.gz, labels.jsonl, scenarios.json and stats.json.\n');
    process.exitCode = 2;
    return;
  }
  for (const folder of positionals) {
    const result = await run(folder);
    process.stdout.write(`\n## ${result.name}\n\n`);
    printScore(folder, result.findings, values.misses === true);
    printState(result);
    await printThresholds(folder, result.findings);
  }
}

async function run(folder: string): Promise<Result> {
  const readingSeconds = await secondsToRead(folder);
  const begun = performance.now();
  const name = path.basename(path.resolve(folder));
  const state = new CountingStateStore();
  const findings = new MemoryFindingStore();
  const engine = new Engine({ state, findings });
  const files = await AuditFiles.open([folder]);
  for await (const delivery of cutDeliveries(files.events(), name)) await engine.process(delivery);
  const all = (await findings.query({ limit: Number.MAX_SAFE_INTEGER })).reverse();
  return { name, findings: all, state, events: files.counts.events, seconds: (performance.now() - begun) / 1000, readingSeconds };
}

async function secondsToRead(folder: string): Promise<number> {
  const begun = performance.now();
  const files = await AuditFiles.open([folder]);
  const events = files.events();
  while (!(await events.next()).done);
  return (performance.now() - begun) / 1000;
}

function printScore(folder: string, findings: readonly Finding[], misses: boolean): void {
  const directory = mkdtempSync(path.join(tmpdir(), 'tidemark-'));
  try {
    const file = path.join(directory, 'findings.jsonl');
    writeFileSync(file, findings.map((finding) => `${JSON.stringify(finding)}\n`).join(''));
    process.stdout.write(execFileSync(process.execPath, [path.join(folder, '..', 'score.mjs'), folder, file, ...(misses ? ['--misses'] : [])]));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function printState({ state, events, seconds, readingSeconds }: Result): void {
  const sizes = state.sizes('identity|');
  const at = (part: number): string => String(sizes[Math.floor(part * (sizes.length - 1))] ?? 0);
  line('identities', `${String(sizes.length)}; bytes kept of each: median ${at(0.5)}, 95 % under ${at(0.95)}, largest ${at(1)}`);
  const largest = Math.max(0, ...['peers|', 'kind|', 'cluster|'].flatMap((prefix) => state.sizes(prefix)));
  line('groups', `largest ${String(largest)} bytes`);
  line('writes per 1000 events', `${((state.writes / events) * 1000).toFixed(0)}, ${((state.writeUnits / events) * 1000).toFixed(0)} write units of 1 KB`);
  line('time', `${(seconds / readingSeconds).toFixed(1)} times that of only reading the events; ${(events / seconds).toFixed(0)} events per second here`);
}

/** How much hangs on where the line is drawn: attacks found and findings that are false, by their final scores. */
async function printThresholds(folder: string, findings: readonly Finding[]): Promise<void> {
  const scenarios = await readScenarios(folder);
  const labels = await readLabels(folder);
  const { days } = JSON.parse(readFileSync(path.join(folder, 'stats.json'), 'utf8')) as { days: number };
  process.stdout.write('\nscore from which on people are told → attacks found, false findings per cluster-day\n');
  for (const threshold of thresholds) {
    const told = findings.filter(({ score }) => score >= threshold).map((finding) => ({ ...finding, severity: 'medium' as const }));
    const { scenarios: judged, falseAlerts } = judge(told, scenarios, labels);
    const found = judged.filter(({ finding }) => finding).length;
    process.stdout.write(`  ${String(threshold).padStart(4)} → ${String(found)} of ${String(scenarios.length)}, ${(falseAlerts.length / days).toFixed(2)}\n`);
  }
}

function line(name: string, value: string): void {
  process.stdout.write(`${name.padEnd(26)} ${value}\n`);
}

await evaluate();
