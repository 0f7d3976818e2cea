import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { CloudWatchLogHistory, historyClientSettings } from '../../lambdas/log-history.ts';
import { HistoryError } from '../../lib/backfill/log-history.ts';
import { Pace } from '../../lib/backfill/pace.ts';
import { partsOf, readHistory, type Progressed } from '../../lib/backfill/read-history.ts';
import { auditEvent } from '../lambdas/deliveries.ts';
import { CloudWatchLogsServer, type ServiceOptions } from './cloudwatch-logs.ts';

const hour = 3_600_000;
const start = Date.parse('2026-03-01T03:30:00Z');
const range = { from: start, until: start + 40 * hour };
const group = '/aws/eks/prod/cluster';

/** A clock that is as far as somebody waited. */
function quickClock() {
  let time = range.until;
  return { now: () => time, wait: (milliseconds: number) => { time += milliseconds; return Promise.resolve(); } };
}

let clock: ReturnType<typeof quickClock>;
let server: CloudWatchLogsServer;
let client: CloudWatchLogsClient;
beforeEach(async () => {
  clock = quickClock();
  server = await CloudWatchLogsServer.start({ now: () => clock.now() });
  // Four of each minute in forty have the same time.
  server.put(group, Array.from({ length: 600 }, (_, index) => ({ timestamp: start + Math.floor(index / 4) * 16 * 60_000, message: auditEvent(`id-${String(index)}`) })));
  client = new CloudWatchLogsClient({ ...historyClientSettings, endpoint: server.endpoint, region: 'eu-west-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });
});
afterEach(async () => {
  client.destroy();
  await server.stop();
});

const all = Array.from({ length: 600 }, (_, index) => `id-${String(index)}`);
const behave = (options: ServiceOptions) => { server.options = { now: () => clock.now(), ...options }; };
const read = (from = range.from, logGroupName = group) => readHistory(new CloudWatchLogHistory(client, logGroupName), { ...range, from }, { pace: new Pace(1000), clock });
const idsOf = (records: Progressed['records']) => records.map(({ message }) => (JSON.parse(message) as { auditID: string }).auditID);

async function readAll(from?: number): Promise<string[]> {
  const ids: string[] = [];
  for await (const { records } of read(from)) ids.push(...idsOf(records));
  return ids;
}

describe('all that the log holds is read once, in the order of time', () => {
  test.each<[string, ServiceOptions]>([
    ['in few pages', {}],
    ['in many small pages', { recordsInPage: 7 }],
    ['in pages of which some are empty though more come', { recordsInPage: 20, emptyEvery: 2 }],
    ['while it is throttled', { recordsInPage: 20, requestsPerSecond: 2 }],
    ['while tokens expire', { recordsInPage: 9, tokensExpireAfter: 5 }],
    ['while all of that happens', { recordsInPage: 10, emptyEvery: 3, requestsPerSecond: 5, tokensExpireAfter: 4 }],
  ])('%s', async (_, options) => {
    behave(options);
    const ids = await readAll();
    expect(ids.slice().sort()).toEqual(all.slice().sort());
    expect(ids.map((id) => Math.floor(Number(id.slice(3)) / 4))).toEqual(all.map((id) => Math.floor(Number(id.slice(3)) / 4)));
    expect(server.throttled > 0).toBe(options.requestsPerSecond !== undefined);
    expect(server.invalidTokens > 0).toBe(options.tokensExpireAfter !== undefined);
  });
});

test('whoever stops after any page and begins again where it says misses nothing', async () => {
  behave({ recordsInPage: 6 });
  let pages = 0;
  for await (const page of read()) pages += Number(page.readUntil > 0);
  expect(pages).toBeGreaterThan(90);
  for (let stop = 1; stop < pages; stop += 11) {
    const before: string[] = [];
    let goOn = range.from;
    let page = 0;
    for await (const { records, readUntil } of read()) {
      before.push(...idsOf(records));
      goOn = readUntil;
      if (++page === stop) break;
    }
    const after = await readAll(goOn);
    expect(new Set([...before, ...after]).size).toBe(600);
    // What comes again has one time, of which there are four.
    expect(before.length + after.length - 600).toBeLessThanOrEqual(4);
  }
});

test('only what the subscription would deliver is asked for', async () => {
  server.put(group, [
    { timestamp: start, message: auditEvent('other-stream'), logStreamName: 'authenticator-0a1b' },
    { timestamp: start, message: auditEvent('first-stage').replace('ResponseComplete', 'RequestReceived') },
    { timestamp: start, message: 'no JSON' },
    { timestamp: range.until, message: auditEvent('at-the-end') },
    { timestamp: start - 1, message: auditEvent('before') },
  ]);
  expect(new Set(await readAll())).toEqual(new Set(all));
});

test('what retention has taken away is simply not there', async () => {
  behave({ retentionMs: 20 * hour });
  const ids = await readAll();
  expect(ids.length).toBeGreaterThan(200);
  expect(ids.length).toBeLessThan(400);
  expect(ids.at(-1)).toBe('id-599');
});

describe('it is said why history cannot be read', () => {
  const failure = async (logGroupName?: string): Promise<unknown> => {
    try {
      for await (const page of read(undefined, logGroupName)) expect(page.records).toBeDefined();
      return 'none';
    } catch (error) {
      return error instanceof HistoryError ? error.problem : error;
    }
  };

  test('there is no such log group', async () => {
    expect(await failure('/aws/eks/nowhere/cluster')).toBe('no-such-log-group');
  });

  test('it may not be read', async () => {
    behave({ denied: true });
    expect(await failure()).toBe('not-allowed');
  });

  test('each request is throttled, and it is not tried for ever', async () => {
    behave({ requestsPerSecond: 0 });
    expect(await failure()).toBe('throttled');
  });

  test('no token is ever known', async () => {
    // As many have one time as a page holds, so nothing is ever gained by asking anew.
    behave({ recordsInPage: 4, tokensExpireAfter: 1 });
    expect(await failure()).toBe('token');
  });
});

test('only some pages are read before they are needed', async () => {
  behave({ recordsInPage: 1 });
  for await (const page of read()) if (page.records.length > 0) break;
  expect(server.requests.length).toBeLessThan(40);
});

test('parts are cut at every sixth hour of the day', () => {
  expect(partsOf(range).map(({ until }) => new Date(until).getUTCHours())).toEqual([6, 12, 18, 0, 6, 12, 18, 19]);
  expect(partsOf(range).map(({ from }) => from)).toEqual([range.from, ...partsOf(range).slice(0, -1).map(({ until }) => until)]);
  expect(partsOf({ from: 0, until: 14 * 24 * hour })).toHaveLength(56);
  expect(partsOf({ from: 0, until: 365 * 24 * hour }).length).toBeLessThanOrEqual(60);
});
