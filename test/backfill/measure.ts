/** Measures how fast a history is learned, from the sample in a server on this machine: `node test/backfill/measure.ts`. */
import { setTimeout } from 'node:timers/promises';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { sampleCluster, sampleFiles } from '../../cli/demo/sample.ts';
import { readText } from '../../cli/reading/text.ts';
import { DynamoFindingStore } from '../../lambdas/dynamodb-finding-store.ts';
import { DynamoStateStore } from '../../lambdas/dynamodb-state-store.ts';
import { startEmbeddedAws } from '../../lambdas/local/embedded-aws.ts';
import { CloudWatchLogHistory, historyClientSettings } from '../../lambdas/log-history.ts';
import { learnHistory } from '../../lib/backfill/learn-history.ts';
import { newLearning, updateLearning } from '../../lib/backfill/learning.ts';
import { Pace, requestsPerSecond } from '../../lib/backfill/pace.ts';
import { readHistory } from '../../lib/backfill/read-history.ts';
import { MemoryFindingStore, MemoryStateStore } from '../../lib/memory-stores.ts';
import type { FindingStore, StateStore } from '../../lib/store.ts';
import { CloudWatchLogsServer, type StoredRecord } from './cloudwatch-logs.ts';

const logGroup = `/aws/eks/${sampleCluster}/cluster`;
const present = Date.parse('2026-10-17T00:00:00Z');
const since = Date.parse('2026-10-07T00:00:00Z');
const regions = ['us-east-1', 'eu-west-1', 'eu-central-1'];

const { history, stream } = await sampleFiles('2026-10-14');
const records: StoredRecord[] = [];
for (const path of [...history, ...stream]) {
  let text = '';
  for await (const part of readText(path, () => undefined)) text += part;
  for (const message of text.trim().split('\n')) records.push({ message, timestamp: Date.parse((JSON.parse(message) as { stageTimestamp: string }).stageTimestamp) });
}
const bytes = records.reduce((sum, { message }) => sum + message.length, 0);
process.stdout.write(`the sample: ${records.length.toLocaleString('en-US')} events, ${(bytes / 1e6).toFixed(1)} MB, ten days\n`);

const server = await CloudWatchLogsServer.start();
server.put(logGroup, records);
const client = new CloudWatchLogsClient({ ...historyClientSettings, endpoint: server.endpoint, region: 'eu-west-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });
const logHistory = new CloudWatchLogHistory(client, logGroup);
// The server reads each record once to see whether the filter keeps it: that is not to be measured.
for await (const page of readHistory(logHistory, { from: since, until: present }, { pace: new Pace(10_000), clock: { now: Date.now, wait: setTimeout } })) void page;

for (const region of regions) {
  // What was asked before is not to count for the quota.
  await setTimeout(1000);
  server.options = { requestsPerSecond: requestsPerSecond(region) };
  server.requests.length = 0;
  let [events, size] = [0, 0];
  const seconds = await timed(async () => {
    for await (const page of readHistory(logHistory, { from: since, until: present }, { pace: new Pace(requestsPerSecond(region)), clock: { now: Date.now, wait: setTimeout } })) {
      events += page.records.length;
      size += page.records.reduce((sum, { message }) => sum + message.length, 0);
    }
  });
  print(`reading by the quota of ${region}`, { events, size, seconds, more: `${String(server.requests.length)} requests, ${String(server.throttled)} throttled, ${(server.requests.length / seconds).toFixed(1)} a second` });
}

server.options = {};
await measureLearning('learning in memory', { state: new MemoryStateStore(), findings: new MemoryFindingStore() });
const aws = await startEmbeddedAws();
await measureLearning('learning into tables on this machine (dynalite)', { state: new DynamoStateStore(aws.dynamo, 'state'), findings: new DynamoFindingStore(aws.dynamo, 'findings') });
await aws.stop();
client.destroy();
await server.stop();

async function measureLearning(what: string, { state, findings }: { state: StateStore; findings: FindingStore }): Promise<void> {
  let writes = 0;
  const counted: StateStore = { read: (keys) => state.read(keys), write: (...item) => { writes += 1; return state.write(...item); } };
  // As if it were the time at which the sample ends.
  const begun = Date.now();
  const clock = { now: () => present + Date.now() - begun, wait: setTimeout };
  await updateLearning(counted, sampleCluster, () => newLearning(present, since));
  let events = 0;
  const seconds = await timed(async () => { events = (await learnHistory({ state: counted, findings, history: logHistory }, sampleCluster, { reading: { pace: new Pace(10_000), clock } })).learning?.events ?? 0; });
  print(what, { events, size: bytes * events / records.length, seconds, more: `${writes.toLocaleString('en-US')} items written, ${(1000 * writes / events).toFixed(0)} for 1,000 events` });
}

async function timed(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

function print(what: string, { events, size, seconds, more }: { events: number; size: number; seconds: number; more: string }): void {
  process.stdout.write(`${what}: ${events.toLocaleString('en-US')} events in ${seconds.toFixed(1)} s, ${Math.round(events / seconds).toLocaleString('en-US')} a second, ${(size / 1e6 / seconds).toFixed(1)} MB a second; ${more}\n`);
}
