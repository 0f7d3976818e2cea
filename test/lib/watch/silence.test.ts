import { describe, expect, test } from '@jest/globals';
import { learningsCluster, newLearning, refused, updateLearning } from '../../../lib/backfill/learning.ts';
import type { Finding } from '../../../lib/finding.ts';
import { MemoryFindingStore, MemoryStateStore } from '../../../lib/memory-stores.ts';
import { notificationFor } from '../../../lib/notification.ts';
import { canaryCluster } from '../../../lib/watch/canary.ts';
import { Heartbeats } from '../../../lib/watch/heartbeat.ts';
import { forgetCluster, knownClusters, meetCluster } from '../../../lib/watch/known-clusters.ts';
import { clusterStatuses, usualSilenceMs, watchClusters } from '../../../lib/watch/silence.ts';

const start = Date.parse('2026-03-01T09:00:00Z');
const minute = 60_000;

/** A deployment whose clusters' logs are looked at. */
function deployment(clusters: readonly string[] = ['prod'], canaries: (minutes: number) => number | undefined = (minutes) => start + minutes * minute) {
  const told: Finding[] = [];
  const state = new MemoryStateStore();
  const findings = new MemoryFindingStore((before, after) => { if (notificationFor(before, after)) told.push(after); });
  const lookNow = (minutes: number, silenceMs: number) => watchClusters({ state, findings }, { clusters, silenceMs, now: start + minutes * minute });
  // Canaries come through unless a test is about them.
  const look = (minutes: number, silenceMs = usualSilenceMs) => new Heartbeats(state).beat(canaryCluster, { newest: canaries(minutes), records: 1, malformed: 0 }, start + minutes * minute).then(() => lookNow(minutes, silenceMs));
  const hear = (minutes: number, { records = 100, malformed = 0, cluster = 'prod' } = {}) => new Heartbeats(state).beat(cluster, { newest: malformed < records ? start + minutes * minute : undefined, records, malformed }, start + minutes * minute);
  return { state, told, look, hear };
}

describe('silence', () => {
  test('is told once for each silence, and nothing when the log speaks again', async () => {
    const { told, look, hear } = deployment();
    await hear(0);
    for (const minutes of [5, 30]) await look(minutes);
    expect(told).toEqual([]);
    for (const minutes of [35, 40, 90]) await look(minutes);
    expect(told).toHaveLength(1);
    await hear(91);
    await look(95);
    expect(told).toHaveLength(1);
    await look(150);
    expect(told).toHaveLength(2);
  });

  test('is said with when it began and what to look at', async () => {
    const { told, look, hear } = deployment();
    await hear(0);
    await look(31);
    expect(told).toMatchObject([{ cluster: 'prod', identity: 'log group /aws/eks/prod/cluster', severity: 'high', category: 'defense-evasion', firstSeen: '2026-03-01T09:00:00.000Z', lastSeen: '2026-03-01T09:31:00.000Z', title: 'The audit log of prod has fallen silent' }]);
    expect(told[0]?.checks.join()).toContain('aws logs describe-subscription-filters --log-group-name /aws/eks/prod/cluster');
  });

  test('of a cluster from which nothing ever came is told too', async () => {
    const { told, look } = deployment();
    await look(0);
    await look(30);
    expect(told).toEqual([]);
    await look(31);
    expect(told[0]?.summary).toContain('nothing has ever come from it, which was first waited for at 2026-03-01 09:00 UTC');
  });

  test('of one cluster is not told of another, and may last as long as a deployment says', async () => {
    const { told, look, hear } = deployment(['prod', 'staging']);
    for (const cluster of ['prod', 'staging']) await hear(0, { cluster });
    await hear(60, { cluster: 'prod' });
    await look(60, 90 * minute);
    expect(told).toEqual([]);
    await look(60);
    expect(told.map(({ cluster }) => cluster)).toEqual(['staging']);
  });
});

describe('clusters that a deployment does not name', () => {
  const elsewhere = '444455556666/us-east-1/prod';

  /** A deployment that watches whatever speaks, with canaries that come through. */
  function discovering(clusters: readonly string[] = []) {
    const [state, findings] = [new MemoryStateStore(), new MemoryFindingStore()];
    const hear = async (cluster: string, minutes: number) => {
      await new Heartbeats(state).beat(cluster, { newest: start + minutes * minute, records: 1, malformed: 0 }, start + minutes * minute);
      await meetCluster(state, cluster);
    };
    const look = async (minutes: number) => {
      await new Heartbeats(state).beat(canaryCluster, { newest: start + minutes * minute, records: 1, malformed: 0 }, start + minutes * minute);
      return await watchClusters({ state, findings }, { clusters, discovers: true, silenceMs: usualSilenceMs, now: start + minutes * minute });
    };
    return { state, hear, look, told: () => findings.query({ limit: 100 }) };
  }

  test('are watched once something came from them', async () => {
    const { hear, look, told } = discovering(['staging']);
    await hear('staging', 0);
    await hear(elsewhere, 0);
    await look(10);
    await hear('staging', 30);
    await look(40);
    const [finding, ...others] = await told();
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ cluster: elsewhere, identity: 'log group /aws/eks/prod/cluster', title: `The audit log of ${elsewhere} has fallen silent` });
    expect(finding?.checks.join('\n')).toContain('aws eks describe-cluster --name prod --query cluster.logging --region us-east-1 (with credentials of account 444455556666)');
    expect(finding?.checks.join('\n')).toContain(`tidemark clusters --forget ${elsewhere}`);
  });

  test('are watched no longer when they were forgotten', async () => {
    const { state, hear, look, told } = discovering();
    await hear(elsewhere, 0);
    await forgetCluster(state, elsewhere);
    expect((await look(60)).map(({ cluster }) => cluster)).toEqual([canaryCluster]);
    expect(await told()).toEqual([]);
  });

  test('are watched no longer when nothing has come for so long that their heartbeat is gone', async () => {
    const { state, hear, look, told } = discovering(['staging']);
    await hear('staging', 0);
    await meetCluster(state, elsewhere);
    expect((await look(10)).map(({ cluster }) => cluster)).toEqual(['staging', canaryCluster]);
    expect(await knownClusters(state)).toEqual(['staging', canaryCluster]);
    expect(await told()).toEqual([]);
  });

  test('are all watched, however many', async () => {
    const { state, hear, look } = discovering();
    const names = Array.from({ length: 250 }, (_, index) => `444455556666/us-east-1/c${String(index)}`);
    for (const name of names) await hear(name, 0);
    expect(await look(10)).toHaveLength(251);
    expect(await clusterStatuses(state, start)).toHaveLength(251);
  });
});

describe('records that cannot be read', () => {
  test.each([
    ['few', { records: 100, malformed: 19 }, 0],
    ['a small share', { records: 1000, malformed: 49 }, 0],
    ['many', { records: 1000, malformed: 50 }, 1],
    ['all', { records: 20, malformed: 20 }, 1],
  ])('are told when they are %s of an hour: %j', async (_, beat, count) => {
    const { told, look, hear } = deployment();
    await hear(0, beat);
    await look(5);
    expect(told).toHaveLength(count);
  });

  test('are told once a day', async () => {
    const { told, look, hear } = deployment();
    for (const minutes of [0, 60, 120, 1440]) {
      await hear(minutes, { records: 100, malformed: 50 });
      await look(minutes + 5);
    }
    expect(told.map(({ title }) => title)).toEqual(Array.from({ length: 2 }, () => 'The audit log of prod can no longer be read whole'));
  });

  test('are no news after two hours', async () => {
    const { told, look, hear } = deployment();
    await hear(0, { records: 100, malformed: 50 });
    await look(180, 1000 * minute);
    expect(told).toEqual([]);
  });
});

describe('a learning', () => {
  const begun = () => newLearning(start, start - 14 * 24 * 60 * minute);

  test('that gets on is not told, and one that stops is told once each time', async () => {
    const { state, told, look, hear } = deployment();
    const getOn = (minutes: number) => updateLearning(state, 'prod', (found) => ({ ...(found ?? begun()), readUntil: start - 60 * minute, progressAt: start + minutes * minute }));
    await getOn(0);
    for (const minutes of [5, 30, 60]) {
      await hear(minutes);
      await look(minutes);
    }
    expect(told).toEqual([]);
    for (const minutes of [61, 65, 89]) await look(minutes);
    expect(told).toMatchObject([{ cluster: 'prod', severity: 'medium', category: 'defense-evasion', title: 'Learning the history of prod has stopped', firstSeen: '2026-03-01T09:00:00.000Z', lastSeen: '2026-03-01T10:01:00.000Z' }]);
    expect(told[0]?.summary).toContain('was read to 2026-03-01 08:00 UTC');
    expect(told[0]?.summary).toContain('What was delivered from 2026-03-01 09:00 UTC until then is not seen');
    expect(told[0]?.checks.join()).toContain('aws sqs send-message --queue-url URL --message-body');
    await getOn(90);
    await hear(150);
    await look(150);
    expect(told).toHaveLength(1);
    await look(151);
    expect(told).toHaveLength(2);
  });

  test.each([['prod', 'the log group `/aws/eks/prod/cluster` must be of this account'], ['444455556666/us-east-1/prod', 'TidemarkSender in account 444455556666, region us-east-1, is of this release']])('of %s whose log cannot be read is told at once, with what to look at', async (cluster, check) => {
    const { findings, state } = { findings: new MemoryFindingStore(), state: new MemoryStateStore() };
    await updateLearning(state, cluster, () => refused(begun(), start + minute));
    await watchClusters({ state, findings }, { clusters: [cluster], discovers: false, silenceMs: 30 * minute, now: start + 2 * minute });
    const [finding, ...others] = await findings.query({ limit: 10 });
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ cluster, title: `Learning the history of ${cluster} has stopped`, firstSeen: '2026-03-01T09:01:00.000Z' });
    expect(finding?.summary).toContain('cannot be read any further');
    expect(finding?.checks.join()).toContain(check);
  });

  test('that waits for its turn has not stopped as long as another gets on', async () => {
    const { state, told, look, hear } = deployment();
    await updateLearning(state, 'prod', begun);
    for (const minutes of [0, 60, 120]) {
      await new Heartbeats(state).beat(learningsCluster, { newest: start + minutes * minute, records: 1, malformed: 0 }, start + minutes * minute);
      await hear(minutes);
      await look(minutes + 5);
    }
    expect(told).toEqual([]);
    await hear(181);
    await look(181);
    expect(told).toMatchObject([{ title: 'Learning the history of prod has stopped' }]);
  });

  test('that is done is not waited for', async () => {
    const { state, told, look, hear } = deployment();
    await updateLearning(state, 'prod', () => ({ ...begun(), phase: 'learned' }));
    await hear(500);
    await look(501);
    expect(told).toEqual([]);
    expect((await clusterStatuses(state, start))[0]?.learning?.phase).toBe('learned');
  });
});

describe('canaries', () => {
  test('that do not come through are told once, by the one cluster or as of all', async () => {
    for (const clusters of [['prod'], ['prod', 'staging']]) {
      const { told, look, hear } = deployment(clusters, () => start);
      for (const minutes of [0, 30, 44, 46, 60, 90]) {
        for (const cluster of clusters) await hear(minutes, { cluster });
        await look(minutes);
      }
      expect(told).toMatchObject([{ cluster: clusters.length === 1 ? 'prod' : 'all clusters', identity: 'tidemark', severity: 'high', firstSeen: '2026-03-01T09:00:00.000Z', lastSeen: '2026-03-01T09:46:00.000Z' }]);
    }
  });
});

test('the state says how it is with each cluster that is watched', async () => {
  const { state, look, hear } = deployment(['prod', 'staging']);
  expect(await clusterStatuses(state, start)).toEqual([]);
  await hear(0);
  await look(5);
  expect(await clusterStatuses(state, start + 10 * minute)).toMatchObject([{ cluster: 'prod', silentMs: 10 * minute, heartbeat: { newest: start } }, { cluster: 'staging', silentMs: 5 * minute }, { cluster: 'tidemark canary', silentMs: 5 * minute }]);
});
