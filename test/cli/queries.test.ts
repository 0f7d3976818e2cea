import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DynamoFindingStore } from '../../lambdas/dynamodb-finding-store.ts';
import { DynamoStateStore } from '../../lambdas/dynamodb-state-store.ts';
import { startEmbeddedAws, type EmbeddedAws } from '../../lambdas/local/embedded-aws.ts';
import { environment } from '../../lambdas/tables.ts';
import { newLearning, updateLearning } from '../../lib/backfill/learning.ts';
import { findingSchema } from '../../lib/finding.ts';
import { Heartbeats } from '../../lib/watch/heartbeat.ts';
import { meetCluster } from '../../lib/watch/known-clusters.ts';
import { watchClusters } from '../../lib/watch/silence.ts';
import { finding } from '../lambdas/findings.ts';
import { tidemark, type Run } from './run.ts';

let aws: EmbeddedAws;
let endpoint: string;
const grave = finding({ id: 'a'.repeat(24), severity: 'critical', raisedAt: '2026-03-02T09:00:00.000Z' });
const mild = finding({ id: 'b'.repeat(24), severity: 'low', identity: 'anna' });

beforeAll(async () => {
  aws = await startEmbeddedAws();
  endpoint = aws.variables['AWS_ENDPOINT_URL_DYNAMODB'] ?? '';
  const store = new DynamoFindingStore(aws.dynamo, 'findings');
  for (const one of [grave, mild]) await store.put(one);
});
afterAll(() => aws.stop());

function ask(...args: string[]): Promise<Run> {
  return tidemark([...args, '--endpoint', endpoint], { [environment.findingsTable]: 'findings', [environment.stateTable]: 'state' });
}

function idsOf({ out }: Run): string[] {
  return out.split('\n').slice(0, -1).map((line) => findingSchema.parse(JSON.parse(line)).id);
}

describe('findings', () => {
  const questions: [string, string[], string[]][] = [
    ['all, newest first', [], [grave.id, mild.id]],
    ['of an identity', ['--identity', 'anna'], [mild.id]],
    ['of a cluster, as grave', ['--cluster', 'prod', '--severity', 'high'], [grave.id]],
    ['since a time', ['--since', '2026-03-02'], [grave.id]],
    ['with a status', ['--status', 'resolved'], []],
    ['at most one', ['--limit', '1'], [grave.id]],
  ];
  test.each(questions)('%s', async (_name, args, ids) => {
    const run = await ask('findings', '--format', 'jsonl', ...args);
    expect(run.code).toBe(0);
    expect(idsOf(run)).toEqual(ids);
  });

  test('do not show the canary, unless it is asked for', async () => {
    const canary = finding({ id: 'd'.repeat(24), cluster: 'tidemark canary', raisedAt: '2026-03-03T09:00:00.000Z' });
    await new DynamoFindingStore(aws.dynamo, 'findings').put(canary);
    expect(idsOf(await ask('findings', '--format', 'jsonl', '--limit', '2'))).toEqual([grave.id, mild.id]);
    expect(idsOf(await ask('findings', '--format', 'jsonl', '--cluster', 'tidemark canary'))).toEqual([canary.id]);
  });

  test('are printed for people too', async () => {
    const { out, errors } = await ask('findings');
    expect(out).toContain('CRITICAL');
    expect(errors).toBe('2 findings\n');
  });
});

describe('finding', () => {
  test('shows one, and sets what was decided', async () => {
    expect((await ask('finding', mild.id)).out).toContain('What to check');
    const { code, out } = await ask('finding', mild.id, '--set-status', 'acknowledged', '--format', 'jsonl');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ id: mild.id, status: 'acknowledged' });
  });

  test('that does not exist is said', async () => {
    const { code, errors } = await ask('finding', 'c'.repeat(24), '--set-status', 'resolved');
    expect(code).toBe(2);
    expect(errors).toContain('there is no finding');
  });
});

describe('clusters', () => {
  test('that nobody watches are none', async () => {
    expect(await ask('clusters')).toMatchObject({ code: 0, out: '', errors: expect.stringMatching(/^0 clusters/) });
  });

  test('are listed with when their log last spoke', async () => {
    const state = new DynamoStateStore(aws.dynamo, 'state');
    const now = Date.now();
    await new Heartbeats(state).beat('prod', { newest: now - 3 * 60 * 60 * 1000, records: 1000, malformed: 7 }, now);
    await watchClusters({ state, findings: new DynamoFindingStore(aws.dynamo, 'findings') }, { clusters: ['prod', 'staging'], silenceMs: Infinity, now });
    const { code, out } = await ask('clusters');
    expect(code).toBe(0);
    expect(out).toMatch(/^prod {2}last event \d{4}-\d\d-\d\d \d\d:\d\d UTC, 3 hours ago; 1,000 records in the hour from [-\d: ]+, 7 unreadable\nstaging {2}nothing yet; waited for since [-\d: ]+ UTC\ntidemark canary {2}nothing yet/);
    const rows = (await ask('clusters', '--format', 'jsonl')).out.trim().split('\n').map((line) => JSON.parse(line) as object);
    expect(rows).toMatchObject([{ cluster: 'prod', hours: [{ records: 1000, malformed: 7 }] }, { cluster: 'staging', lastEvent: null, hours: [] }, { cluster: 'tidemark canary' }]);
  });

  test('that are gone are forgotten', async () => {
    const state = new DynamoStateStore(aws.dynamo, 'state');
    const gone = '444455556666/us-east-1/prod';
    await new Heartbeats(state).beat(gone, { newest: Date.now(), records: 1, malformed: 0 }, Date.now());
    await meetCluster(state, gone);
    expect((await ask('clusters')).out).toContain(gone);
    const { code, out } = await ask('clusters', '--forget', gone);
    expect({ code, mentioned: out.includes(gone) }).toEqual({ code: 0, mentioned: false });
    expect(await ask('clusters', '--forget', gone)).toMatchObject({ code: 2, out: '', errors: expect.stringContaining(`${gone} is not watched`) });
  });

  test('whose history is learned are shown with how far that has come', async () => {
    const state = new DynamoStateStore(aws.dynamo, 'state');
    const now = Date.now();
    await updateLearning(state, 'young', () => ({ ...newLearning(now, Date.parse('2026-03-01T00:00Z')), readUntil: Date.parse('2026-03-05T12:00Z'), events: 12 }));
    await watchClusters({ state, findings: new DynamoFindingStore(aws.dynamo, 'findings') }, { clusters: ['young'], silenceMs: Infinity, now });
    expect((await ask('clusters')).out).toContain('; learning its history: read to 2026-03-05 12:00 UTC, 0 minutes ago\n');
    expect((await ask('clusters', '--format', 'jsonl')).out).toContain('"learning":{"phase":"learning","from":"2026-03-01T00:00:00.000Z","readUntil":"2026-03-05T12:00:00.000Z","events":12}');
  });
});

describe('what can go wrong', () => {
  const region = { AWS_REGION: 'eu-west-1' };
  const keys = { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' };
  const problems: [string, () => Promise<Run>, RegExp][] = [
    ['no region', () => tidemark(['findings'], keys), /no AWS region is set: set AWS_REGION/],
    ['no credentials', () => tidemark(['findings'], region), /no AWS credentials were found/],
    ['no table', () => tidemark(['findings', '--endpoint', endpoint]), /there is no such table/],
    ['no service', () => tidemark(['findings', '--endpoint', 'http://127.0.0.1:1'], { AWS_MAX_ATTEMPTS: '1' }), /cannot be reached/],
    ['no URL', () => tidemark(['findings', '--endpoint', 'local']), /is no URL/],
    ['an unknown identity', () => ask('baseline', 'nobody', '--cluster', 'prod'), /nothing is known of nobody/],
  ];
  test.each(problems)('%s: a way out in one line, and exit code 2', async (_name, run, words) => {
    const { code, out, errors } = await run();
    expect(errors).toMatch(words);
    expect(errors.trim().split('\n')).toHaveLength(1);
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });
});
