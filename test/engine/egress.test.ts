import { beforeAll, describe, expect, test } from '@jest/globals';
import { parseAuditEvent, type AuditEvent } from '../../lib/audit/event.ts';
import { readAwsRanges } from '../../lib/egress/aws-ranges.ts';
import { Destinations } from '../../lib/egress/destination.ts';
import type { FlowRecord } from '../../lib/egress/flow-record.ts';
import type { DnsQuery } from '../../lib/egress/query-log.ts';
import { ThreatList } from '../../lib/egress/threat-list.ts';
import { Egress, type EgressOptions } from '../../lib/engine/egress.ts';
import { Engine } from '../../lib/engine/engine.ts';
import type { Finding } from '../../lib/finding.ts';
import { MemoryFindingStore, MemoryStateStore } from '../../lib/memory-stores.ts';
import type { StateStore } from '../../lib/store.ts';
import { auditRecord } from '../lib/requests.ts';
import { podEvents } from './pod-events.ts';

const cluster = 'shop';
const second = 1000;
const tenMinutes = 600;
const day = 86_400;
const begin = Date.parse('2026-03-02T00:00:00Z') / second;
const learnedDays = 8;
const now = begin + learnedDays * day;
const address = '10.0.3.7';
const vendor = '192.0.2.80';
const database = '10.0.9.1';
const stranger = '203.0.113.66';
const account = 'system:serviceaccount:payments:api';
const workload = 'payments/Deployment/api';

let count = 0;
function audit(time: number, given: Record<string, unknown>): AuditEvent {
  const at = new Date(time * second).toISOString();
  return parseAuditEvent(auditRecord({ auditID: `egress-${String(count++)}`, requestReceivedTimestamp: at, stageTimestamp: at, ...given }));
}

const pod = { namespace: 'payments', app: 'api', address, nodeAddress: '10.0.0.1' };

function flow(start: number, destinationAddress: string, bytes: number, given: Partial<FlowRecord> = {}): FlowRecord {
  return { interfaceId: 'eni-1', sourceAddress: address, destinationAddress, sourcePort: 40_000, destinationPort: 443, protocol: 6, packets: 10, bytes, start, end: start + tenMinutes, accepted: true, direction: 'egress', tcpFlags: undefined, instanceId: '', ...given };
}

/** A vendor's service and a database, all the time; a large export each night. */
function ordinaryFlows(from: number, until: number): FlowRecord[] {
  return Array.from({ length: (until - from) / tenMinutes }, (_, index) => from + index * tenMinutes).flatMap((start) => {
    const isNight = start % day === 2 * 3600;
    return [flow(start, vendor, 200_000 + (start % 7) * 10_000), flow(start, database, 50_000, { destinationPort: 5432 }), ...(isNight ? [flow(start, '198.51.100.9', 8e9 + (start % 11) * 1e8)] : [])];
  });
}

function query(time: number, name: string, given: Partial<DnsQuery> = {}): DnsQuery {
  return { time: time * second, sourceAddress: address, name, type: 'A', responseCode: 'NOERROR', answers: ['192.0.2.80'], blocked: false, vpcId: 'vpc-1', instanceId: '', ...given };
}

interface Run { readonly state: MemoryStateStore; readonly findings: MemoryFindingStore; readonly egress: Egress; readonly engine: Engine }

function newRun(options: Partial<EgressOptions> = {}, { state = new MemoryStateStore(), findings = new MemoryFindingStore(), store = state }: { state?: MemoryStateStore; findings?: MemoryFindingStore; store?: StateStore } = {}): Run {
  const engine = new Engine({ state: store, findings });
  return { state, findings, engine, egress: new Egress(engine, store, { destinations: new Destinations(), ...options }) };
}

async function told({ findings }: Run): Promise<Finding[]> {
  return findings.query({ atLeast: 'medium', limit: 100 });
}

async function copyOf(state: MemoryStateStore, keys: readonly string[]): Promise<MemoryStateStore> {
  const copy = new MemoryStateStore();
  for (const [key, { bytes }] of await state.read(keys)) await copy.write(key, bytes, 0);
  return copy;
}

const everyKey = [...Array.from({ length: 64 }, (_, shard) => `addresses|${cluster}|${String(shard)}`), `flows|${cluster}|${workload}`, `flows|${cluster}`, `names|${cluster}|${workload}`, `names|${cluster}`, `identity|${cluster}|${account}`];
let learned: MemoryStateStore;
beforeAll(async () => {
  const run = newRun();
  await run.egress.learnAddresses(cluster, podEvents(begin - 60, pod));
  for (let at = begin; at < now; at += day) await run.egress.process(cluster, ordinaryFlows(at, at + day));
  expect(await run.findings.query({ limit: 10 })).toEqual([]);
  learned = run.state;
});
const afterDays = async (options: Partial<EgressOptions> = {}) => newRun(options, { state: await copyOf(learned, everyKey) });

describe('a workload that always sends the same', () => {
  test('is told of when much goes where nothing ever went, with the flows and by its service account', async () => {
    const run = await afterDays();
    await run.egress.process(cluster, [...ordinaryFlows(now, now + tenMinutes), flow(now, stranger, 900e6)]);
    const [finding, ...others] = await told(run);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ identity: account, category: 'exfil-egress', title: `Service account payments/api sent 900 MB to ${stranger} (${workload})` });
    expect(finding?.evidence).toEqual([expect.objectContaining({ auditId: '', srcAddr: address, dstAddr: stranger, start: now, bytes: 900e6, workload })]);
  });

  test('is told of when little goes there each time, over hours', async () => {
    const run = await afterDays();
    for (let index = 0; index < 24; index++) await run.egress.process(cluster, [flow(now + index * tenMinutes, stranger, 8e6)]);
    const [finding] = await told(run);
    expect(finding?.identity).toBe(account);
    expect(finding?.pushedAt.length).toBeLessThanOrEqual(2);
  });

  test('is told of when its nightly export goes elsewhere', async () => {
    const run = await afterDays();
    await run.egress.process(cluster, [flow(now + 2 * 3600, stranger, 8e9)]);
    expect((await told(run)).map(({ identity }) => identity)).toEqual([account]);
  });

  test('is told of when it asks everything inside that there is', async () => {
    const run = await afterDays();
    await run.egress.process(cluster, Array.from({ length: 200 }, (_, index) => flow(now, `10.0.7.${String(index)}`, 60, { destinationPort: 8080, sourcePort: 40_000 + index })));
    expect((await told(run)).map(({ reasons }) => reasons[0]?.detector)).toEqual(['inside-scan']);
  });

  test.each<[string, () => FlowRecord[]]>([
    ['it goes on', () => ordinaryFlows(now, now + day)],
    ['a new release talks a little to another vendor', () => Array.from({ length: 40 }, (_, index) => flow(now + index * tenMinutes, '192.0.2.200', 100_000))],
    ['the export is half as large again', () => [flow(now + 2 * 3600, '198.51.100.9', 14e9)]],
    ['it answers a caller from outside', () => [flow(now, stranger, 40e6, { sourcePort: 443, destinationPort: 51_000 })]],
    ['somebody sends to it', () => [flow(now, stranger, 900e6, { direction: 'ingress' })]],
    ['what it sends is refused', () => [flow(now, stranger, 900e6, { accepted: false })]],
  ])('is not told of when %s', async (_name, records) => {
    const run = await afterDays();
    await run.egress.process(cluster, records());
    expect((await told(run)).map(({ title }) => title)).toEqual([]);
  });

  test('is told of when the address is on a list, however little goes there', async () => {
    const threats = new ThreatList();
    threats.add(`${stranger}\n`, now * second);
    const run = await afterDays({ threats });
    await run.egress.process(cluster, [flow(now, stranger, 2000)]);
    expect((await told(run)).map(({ reasons }) => reasons[0]?.detector)).toEqual(['listed-destination']);
  });
});

describe('what a workload is answered with', () => {
  /** A server's answer, as the workload's interface sees it come in. */
  const answer = (start: number, sourceAddress: string, bytes: number) => flow(start, address, bytes, { sourceAddress, sourcePort: 443, destinationPort: 40_000, direction: 'ingress' });
  /** What it takes to acknowledge that. */
  const acknowledged = (bytes: number) => bytes * 0.03;

  test.each<[string, string, number]>([['a new one', stranger, 8e9], ['one it knows', vendor, 40e9]])('takes sending to acknowledge, which is no loss: a large download from %s', async (_name, server, bytes) => {
    const alone = await afterDays();
    await alone.egress.process(cluster, [flow(now, server, acknowledged(bytes))]);
    expect(await alone.findings.query({ limit: 9 })).toHaveLength(1);
    const run = await afterDays();
    await run.egress.process(cluster, [flow(now, server, acknowledged(bytes)), answer(now, server, bytes)]);
    expect(await run.findings.query({ limit: 9 })).toEqual([]);
  });

  test('hides no upload', async () => {
    const run = await afterDays();
    await run.egress.process(cluster, [flow(now, stranger, 900e6), answer(now, stranger, 900e6)]);
    expect((await told(run)).map(({ title }) => title)).toEqual([expect.stringContaining(`sent 855 MB to ${stranger}`)]);
  });

  test('is counted once, in whatever order it comes', async () => {
    const [early, late] = [await afterDays(), await afterDays()];
    const [up, down] = [flow(now, vendor, 300e6), answer(now, vendor, 8e9)];
    await early.egress.process(cluster, [up, down]);
    for (const records of [[down], [up], [down, up]]) await late.egress.process(cluster, records);
    const bytesOf = async ({ state }: Run) => [...(await state.read(everyKey))].filter(([key]) => key.startsWith('flows|')).map(([key, { bytes }]) => [key, Buffer.from(bytes).toString('base64')]);
    expect(await bytesOf(late)).toEqual(await bytesOf(early));
  });
});

describe('the time at which a workload sends', () => {
  const archive = '198.51.100.9';
  const signals = async (run: Run) => (await run.findings.query({ limit: 9 })).map(({ severity, reasons }) => `${severity} ${reasons.map(({ words }) => words).join()}`);

  test('is recorded, and told to nobody, when its nightly export leaves at noon', async () => {
    const run = await afterDays();
    await run.egress.process(cluster, [flow(now + 12 * 3600, archive, 8e9)]);
    expect(await signals(run)).toEqual([`low It sent 8.0 GB outside in ten minutes at an unusual time of the day (${workload}): next to nothing at this time before, in 8 days`]);
  });

  test.each([['at its hour', 2], ['an hour later', 3], ['an hour earlier', 1]])('is usual %s', async (_name, hour) => {
    const run = await afterDays();
    await run.egress.process(cluster, [flow(now + hour * 3600, archive, 8e9)]);
    expect(await signals(run)).toEqual([]);
  });

  test('is that of the week after some weeks: what leaves on Monday nights is unusual on a Wednesday night', async () => {
    const weekly = async (last: number) => {
      const run = newRun();
      await run.egress.learnAddresses(cluster, podEvents(begin - 60, pod));
      for (let index = 0; index < 5 * 7; index++) {
        const at = begin + index * day;
        const hourly = Array.from({ length: 24 }, (_, hour) => flow(at + hour * 3600, archive, 200_000));
        await run.egress.process(cluster, [...hourly, ...(index % 7 === 0 ? [flow(at + 2 * 3600 + tenMinutes, archive, 8e9)] : [])]);
      }
      await run.egress.process(cluster, [flow(begin + last * day + 2 * 3600 + tenMinutes, archive, 8e9)]);
      return signals(run);
    };
    expect(await weekly(35)).toEqual([]);
    expect(await weekly(37)).toEqual([`low It sent 8.0 GB outside in ten minutes at an unusual time of the week (${workload}): next to nothing at this time before, in 37 days`]);
  });

  test('decides with something else that is weak alone: a cache that it never spoke to', async () => {
    const outcome = async (hour: number) => {
      const run = await afterDays();
      await run.egress.process(cluster, [flow(now + hour * 3600, archive, 8e9), flow(now + hour * 3600, database, 60_000, { destinationPort: 6379 })]);
      return (await told(run)).length;
    };
    expect([await outcome(12), await outcome(2)]).toEqual([1, 0]);
  });
});

describe('with AWS\'s ranges', () => {
  const ranges = (service: string) => new Destinations({ aws: readAwsRanges(JSON.stringify({ prefixes: [{ ip_prefix: '192.0.2.0/23', region: 'eu-west-1', service }] })) });
  const elsewhere = '192.0.3.1';

  test.each([['S3', 0], ['EC2', 1]])('another block of %s is told of %d times: anybody has servers in the one and nobody in the other', async (service, times) => {
    const run = await afterDays({ destinations: ranges(service) });
    await run.egress.process(cluster, [...ordinaryFlows(now, now + tenMinutes), flow(now + tenMinutes, elsewhere, 100e6)]);
    expect(await told(run)).toHaveLength(times);
  });

  test('a service that was never used is named', async () => {
    const run = await afterDays({ destinations: new Destinations({ aws: readAwsRanges(JSON.stringify({ prefixes: [{ ip_prefix: '203.0.113.0/24', region: 'eu-west-1', service: 'S3' }] })) }) });
    await run.egress.process(cluster, [flow(now, stranger, 900e6)]);
    expect((await told(run)).map(({ title }) => title)).toEqual([`Service account payments/api sent 900 MB to ${stranger} (AWS S3, eu-west-1) (${workload})`]);
  });
});

describe('looked-up names', () => {
  test('are told of when they are a mining pool\'s', async () => {
    const run = await afterDays();
    for (let index = 0; index < 8 * 24; index++) await run.egress.processQueries(cluster, [query(begin + index * 3600, 'api.vendor.example')]);
    expect(await told(run)).toEqual([]);
    await run.egress.processQueries(cluster, [query(now, 'xmr.pool.minergate.com')]);
    const [finding] = await told(run);
    expect(finding?.identity).toBe(account);
    expect(finding?.evidence[0]).toMatchObject({ auditId: '', request: `${workload} looked up xmr.pool.minergate.com (A) from ${address}` });
  });
});

describe('flow records', () => {
  const attack = (): FlowRecord[] => [...ordinaryFlows(now, now + tenMinutes), flow(now, stranger, 900e6)];
  const outcome = async ({ state, findings }: Run) => ({ findings: await findings.query({ limit: 100 }), state: [...(await state.read(everyKey))].map(([key, { bytes }]) => [key, Buffer.from(bytes).toString('base64')]).sort() });

  test('that come twice change nothing', async () => {
    const run = await afterDays();
    await run.egress.process(cluster, attack());
    const once = await outcome(run);
    await run.egress.process(cluster, attack());
    expect(await outcome(run)).toEqual(once);
  });

  test('end as if nothing had happened, whichever call of the store fails', async () => {
    const clean = await afterDays();
    await clean.egress.process(cluster, attack());
    const expected = await outcome(clean);
    for (let at = 1, failed = true; failed; at++) {
      const state = await copyOf(learned, everyKey);
      let call = 0;
      const mortal = async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
        if (++call === at) throw new Error('killed');
        return work();
      };
      const store: StateStore = { read: (keys) => mortal(() => state.read(keys)), write: (key, bytes, version) => mortal(() => state.write(key, bytes, version)) };
      const run = newRun({}, { state, store });
      await run.egress.process(cluster, attack()).catch(() => run.egress.process(cluster, attack()));
      failed = call >= at;
      expect({ at, ...(await outcome(run)) }).toEqual({ at, ...expected });
    }
  });

  test('of addresses that nobody is known to have are counted, and looked at only when asked to', async () => {
    const run = await afterDays();
    expect(await run.egress.process(cluster, [flow(now, stranger, 900e6, { sourceAddress: '10.0.200.1', interfaceId: 'eni-9' })])).toEqual({ records: 1, unknown: 1, findings: 0 });
    const alone = newRun({ strangers: true });
    for (let at = begin; at < now; at += day) await alone.egress.process(cluster, ordinaryFlows(at, at + day));
    await alone.egress.process(cluster, attack());
    expect((await told(alone)).map(({ identity }) => identity)).toEqual([`address ${address}`]);
  });
});

describe('flow records that come a day late', () => {
  const listing = (time: number): AuditEvent => audit(time, { verb: 'list', user: { username: account, groups: ['system:serviceaccounts'] }, requestURI: '/api/v1/namespaces/payments/pods', objectRef: { resource: 'pods', namespace: 'payments', apiVersion: 'v1' } });
  const exec = (time: number): AuditEvent => audit(time, { verb: 'create', user: { username: account, groups: ['system:serviceaccounts'] }, requestURI: '/api/v1/namespaces/kube-system/pods/aws-node-1/exec?command=sh', objectRef: { resource: 'pods', subresource: 'exec', namespace: 'kube-system', name: 'aws-node-1', apiVersion: 'v1' }, responseStatus: { code: 101 } });
  const secrets = (time: number): AuditEvent => audit(time, { verb: 'list', user: { username: account, groups: ['system:serviceaccounts'] }, requestURI: '/api/v1/secrets', objectRef: { resource: 'secrets', apiVersion: 'v1' }, responseStatus: { code: 200 } });
  /** The workload lists its pods each hour, until so long after `now`. */
  const listsUntil = async (run: Run, until: number): Promise<void> => { await run.engine.process({ cluster, events: Array.from({ length: (until - begin) / 3600 }, (_, hour) => listing(begin + hour * 3600)) }); };

  test('tell of a theft over hours in one finding, though the workload has made calls since', async () => {
    const run = await afterDays();
    await listsUntil(run, now + day);
    for (let hour = 0; hour < 8; hour++) {
      await run.egress.process(cluster, [flow(now + hour * 3600, stranger, 300e6)]);
      await run.engine.process({ cluster, events: [listing(now + day + hour * 3600)] });
    }
    const [finding, ...others] = await told(run);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ identity: account, evidenceTotal: 8, firstSeen: new Date(now * second).toISOString() });
  });

  test('are a finding of their own beside one of the same hours that ended meanwhile, and before one that begins meanwhile', async () => {
    const run = await afterDays();
    await listsUntil(run, now);
    await run.engine.process({ cluster, events: [exec(now), listing(now + day)] });
    await run.egress.process(cluster, [flow(now, stranger, 900e6)]);
    await run.engine.process({ cluster, events: [listing(now + day + 3600), secrets(now + day + 2 * 3600)] });
    expect((await told(run)).map(({ title }) => title).sort()).toEqual([
      'Service account payments/api listed all secrets of every namespace',
      'Service account payments/api opened a shell in pod aws-node-1 of kube-system',
      `Service account payments/api sent 900 MB to ${stranger} (${workload})`,
    ]);
  });
});

test('a command in a pod and what the pod then sends are one story', async () => {
  const run = await afterDays();
  const person = { username: 'arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/anna@example.com', extra: { arn: ['arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/anna@example.com'], sessionName: ['anna@example.com'] } };
  for (let index = 0; index < 60; index++) await run.engine.process({ cluster, events: [audit(begin + index * 3 * 3600, { verb: 'list', user: person, requestURI: '/api/v1/namespaces/payments/pods', objectRef: { resource: 'pods', namespace: 'payments', apiVersion: 'v1' } })] });
  // A caller may choose its audit id.
  const exec = audit(now, { auditID: 'flow 1', verb: 'create', user: person, requestURI: '/api/v1/namespaces/payments/pods/api-6d4cf56db6-x7k2p/exec?command=tar&command=cf&command=-&command=/data', objectRef: { resource: 'pods', subresource: 'exec', namespace: 'payments', name: 'api-6d4cf56db6-x7k2p', apiVersion: 'v1' }, responseStatus: { code: 101 } });
  await run.engine.process({ cluster, events: [exec] });
  await run.egress.process(cluster, [flow(now + 60, stranger, 900e6)]);
  const findings = await told(run);
  expect(findings.map(({ identity, others }) => ({ identity, others }))).toEqual([{ identity: person.username, others: [account] }]);
  expect(findings[0]?.evidence.map(({ auditId, dstAddr }) => auditId || dstAddr)).toEqual([exec.auditID, stranger]);
  expect(findings[0]?.severity).toMatch(/high|critical/);
});
