import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { findingOf, itemOf } from '../../lambdas/finding-item.ts';
import { parseAuditEvent, type AuditEvent } from '../../lib/audit/event.ts';
import { decodeGroup, decodeIdentity, encodeIdentity, pack, UnreadableStateError } from '../../lib/baseline/codec.ts';
import { describeBaseline } from '../../lib/describe.ts';
import { decodeAddressShard } from '../../lib/egress/address-codec.ts';
import { Destinations } from '../../lib/egress/destination.ts';
import { Egress } from '../../lib/engine/egress.ts';
import { Engine } from '../../lib/engine/engine.ts';
import { identityKey } from '../../lib/engine/state-keys.ts';
import type { Finding } from '../../lib/finding.ts';
import { MemoryFindingStore, MemoryStateStore } from '../../lib/memory-stores.ts';
import { notificationFor } from '../../lib/notification.ts';
import { account, begin, cluster, day, dayOfFlows, dayOfQueries, flow, handedOver, identities, learnedDays, podRecords, stranger, thief, workload } from './lives.ts';

/** What an older release wrote (test/upgrade/write-items.ts). */
interface Written {
  /** Bytes in base64, by key. */
  readonly items: Readonly<Record<string, string>>;
  readonly findings: readonly unknown[];
}

const [audit, egress] = ['audit-90a117c', 'egress-8b6e4e8'].map((name) => JSON.parse(readFileSync(`test/upgrade/fixtures/${name}.json`, 'utf8')) as Written) as [Written, Written];
const bytesOf = ({ items }: Written, key: string): Uint8Array => Buffer.from(items[key] ?? '', 'base64');

async function storesOf(written: Written): Promise<{ state: MemoryStateStore; findings: MemoryFindingStore }> {
  const [state, findings] = [new MemoryStateStore(), new MemoryFindingStore()];
  for (const key of Object.keys(written.items)) await state.write(key, bytesOf(written, key), 0);
  for (const one of written.findings) await findings.put(findingOf(itemOf(one as Finding, 0)));
  return { state, findings };
}

const sample = gunzipSync(readFileSync('examples/shop/audit-2026-10-14.jsonl.gz')).toString().trim().split('\n');

/** The sample log between two times. */
function sampleEvents(from: number, until: number): AuditEvent[] {
  const isBetween = (line: string): boolean => {
    const time = Date.parse(/"requestReceivedTimestamp":"([^"]+)"/.exec(line)?.[1] ?? '');
    return time >= from && time < until;
  };
  return sample.filter(isBetween).map((line) => parseAuditEvent(line));
}

describe('what the first release learned', () => {
  test('is read: whom it knows, since when, for what', async () => {
    const { state } = await storesOf(audit);
    for (const identity of identities) expect(await describeBaseline(state, cluster, identity)).toMatch(/seen since 2026-10-0\d /);
    const { baseline, episode } = decodeIdentity(bytesOf(audit, identityKey(cluster, thief)));
    expect(baseline.kind).toBe('person');
    expect(baseline.traits.size).toBeGreaterThan(5);
    expect([...(episode?.signals.values() ?? [])].map(({ detector }) => detector)).toContain('new-network');
    for (const key of Object.keys(audit.items).filter((one) => /^(peers|kind|cluster)\|/.test(one))) expect(decodeGroup(bytesOf(audit, key)).members.size).toBeGreaterThan(0);
  });

  test('goes on being learned, and the finding that it was in the midst of grows', async () => {
    const { state, findings } = await storesOf(audit);
    const [before] = await findings.query({ limit: 10 });
    const engine = new Engine({ state, findings });
    await engine.process({ cluster, events: sampleEvents(handedOver, handedOver + 3 * 60_000) });
    const [after, ...others] = await findings.query({ limit: 10 });
    expect(others).toEqual([]);
    expect(after).toMatchObject({ id: before?.id, identity: thief });
    expect(after?.revision).toBeGreaterThan(before?.revision ?? Infinity);
    expect(after?.evidenceTotal).toBeGreaterThan(before?.evidenceTotal ?? Infinity);
    expect(after?.evidence.map(({ auditId }) => auditId)).toEqual(expect.arrayContaining([before?.evidence[0]?.auditId]));
  });

  test('keeps what was ordinary ordinary', async () => {
    const { state, findings } = await storesOf({ ...audit, findings: [] });
    const ordinary = sampleEvents(handedOver, handedOver + 4 * 60 * 60_000).filter(({ user }) => identities.slice(1).includes(user.username ?? ''));
    expect(ordinary.length).toBeGreaterThan(0);
    await new Engine({ state, findings }).process({ cluster, events: ordinary });
    expect(await findings.query({ limit: 10 })).toEqual([]);
  });

  test('includes findings that can be read, decided about and told', () => {
    expect(audit.findings).toHaveLength(1);
    const finding = findingOf(itemOf(audit.findings[0] as Finding, 0));
    expect(finding).toMatchObject({ identity: thief, stages: [], others: [], tally: [] });
    expect(notificationFor(undefined, { ...finding, severity: 'high', pushedAt: [finding.raisedAt] })?.subject).toContain('HIGH shop: ');
  });
});

describe('what the first release of flow logs and query logs learned', () => {
  const now = begin + learnedDays * day;
  const open = async () => {
    const { state, findings } = await storesOf(egress);
    return { state, findings, egress: new Egress(new Engine({ state, findings }), state, { destinations: new Destinations() }) };
  };

  test('is read: who has which address, what is sent and looked up', async () => {
    const shards = Object.keys(egress.items).filter((key) => key.startsWith('addresses|')).map((key) => decodeAddressShard(bytesOf(egress, key)));
    expect(shards.flatMap(({ pods }) => [...pods.values()]).map(({ serviceAccount }) => serviceAccount)).toContain('api');
    const run = await open();
    await run.egress.process(cluster, dayOfFlows(now));
    await run.egress.processQueries(cluster, dayOfQueries(now));
    expect(await run.findings.query({ limit: 10 })).toEqual([]);
  });

  test('shows what is new', async () => {
    const run = await open();
    await run.egress.learnAddresses(cluster, podRecords(now - 60).map((record) => parseAuditEvent(record)));
    await run.egress.process(cluster, [flow(now, stranger, 900e6)]);
    expect(await run.findings.query({ atLeast: 'medium', limit: 10 })).toMatchObject([{ identity: account, title: `Service account payments/api sent 900 MB to ${stranger} (${workload})` }]);
  });
});

describe('what a newer release wrote', () => {
  const key = identityKey(cluster, thief);
  const newer = Uint8Array.from(bytesOf(audit, key), (byte, index) => (index === 0 ? 2 : byte));

  test('in another layout is refused and stays as it is, so that the delivery comes again after the way back', async () => {
    const { state, findings } = await storesOf({ ...audit, items: { ...audit.items, [key]: Buffer.from(newer).toString('base64') } });
    const rest = { cluster, events: sampleEvents(handedOver, handedOver + 3 * 60_000) };
    const before = await findings.query({ limit: 10 });
    await expect(new Engine({ state, findings }).process(rest)).rejects.toThrow(UnreadableStateError);
    expect((await state.read([key])).get(key)).toEqual({ bytes: newer, version: 1 });
    expect(await findings.query({ limit: 10 })).toEqual(before);
    await state.write(key, bytesOf(audit, key), 1);
    expect((await new Engine({ state, findings }).process(rest)).findings).toBe(1);
  });

  test('says what to do', () => {
    expect(() => decodeIdentity(newer)).toThrow('it has layout 2, written by a newer release; restore the table or deploy the newer release');
  });

  test('in the same layout, with fields that are not known here, is gone on with, and an identity\'s are kept', async () => {
    const later = { later: [1, 2] };
    const { baseline, episode } = decodeIdentity(bytesOf(audit, key));
    const signals = new Map([...(episode?.signals ?? [])].map(([name, signal]) => [name, { ...signal, ...later }]));
    const evidence = episode?.evidence.map((one) => ({ ...one, ...later })) ?? [];
    const added = encodeIdentity({ baseline: { ...baseline, ...later }, episode: episode && { ...episode, ...later, signals, evidence } });
    const stores = await storesOf({ ...audit, items: { ...audit.items, [key]: Buffer.from(added).toString('base64') } });
    const plain = await storesOf(audit);
    for (const one of [stores, plain]) await new Engine(one).process({ cluster, events: sampleEvents(handedOver, handedOver + 3 * 60_000) });
    expect(await stores.findings.query({ limit: 10 })).toEqual(await plain.findings.query({ limit: 10 }));
    const kept = decodeIdentity((await stores.state.read([key])).get(key)?.bytes ?? new Uint8Array());
    expect(kept).toMatchObject({ baseline: later, episode: later });
  });

  test('as a finding is read without the fields that are not known, and refused when its schema is another', () => {
    const item = itemOf(audit.findings[0] as Finding, 0);
    expect(findingOf({ ...item, later: { S: 'x' }, evidence: { L: [{ M: { ...item['evidence']?.L?.[0]?.M, later: { S: 'x' } } }] } })).toEqual({ ...findingOf(item), evidence: findingOf(item).evidence.slice(0, 1) });
    expect(() => findingOf({ ...item, schemaVersion: { N: '2' } })).toThrow('schemaVersion');
  });

  test('is never mistaken for damage', () => {
    expect(() => decodeIdentity(pack({}))).toThrow('its bytes are damaged');
  });
});
