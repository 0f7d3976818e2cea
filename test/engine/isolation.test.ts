import { beforeAll, describe, expect, test } from '@jest/globals';
import type { AuditEvent } from '../../lib/audit/event.ts';
import { decodeIdentity } from '../../lib/baseline/codec.ts';
import { Engine } from '../../lib/engine/engine.ts';
import { identityKey } from '../../lib/engine/state-keys.ts';
import { MemoryFindingStore } from '../../lib/memory-stores.ts';
import { allFindings, storesWith, type RunStores } from './runs.ts';
import { cluster, cut, readSample, slice, timeOf, type Sample } from './sample.ts';

const day = 86_400_000;
const checkout = 'system:serviceaccount:payments:checkout';

let sample: Sample;
let attack: AuditEvent[];
beforeAll(async () => {
  sample = await readSample(['2026-10-14T20:10']);
  attack = slice(sample.events, '2026-10-14T20:10', 1_200_000).filter(({ user }) => user.username === checkout);
});

async function newStores(): Promise<RunStores> {
  return { ...(await storesWith(sample.learned)), findings: new MemoryFindingStore() };
}

/** The same requests so many days later. */
function later(events: readonly AuditEvent[], days: number): AuditEvent[] {
  return events.map((event) => ({ ...event, auditID: `${event.auditID}+${String(days)}`, requestReceivedTimestamp: new Date(timeOf(event) + days * day).toISOString() }));
}

async function take(engine: Engine, events: readonly AuditEvent[], into = cluster): Promise<void> {
  for (const some of cut(events, { milliseconds: 60_000 })) await engine.process({ cluster: into, events: some });
}

describe('clusters', () => {
  test('do not change each other\'s findings and state', async () => {
    const [alone, together] = [await newStores(), await newStores()];
    await take(new Engine(alone), attack);
    const engine = new Engine(together);
    for (const other of ['other', `${cluster}|x`, '|']) await take(engine, attack, other);
    await take(engine, attack);
    expect(await allFindings(together.findings)).toEqual(await allFindings(alone.findings));
    const before = await alone.state.items();
    const after = await together.state.items();
    for (const [key, { bytes }] of before) expect([key, Buffer.from(after.get(key)?.bytes ?? []).equals(bytes)]).toEqual([key, true]);
  });
});

describe('a time until which is only learned', () => {
  test('has no findings before it, and learns the same', async () => {
    const stores = await newStores();
    await take(new Engine(stores, { learnUntilEpochMs: Date.parse('2026-10-15') }), attack);
    expect(await allFindings(stores.findings)).toEqual([]);
    const item = (await stores.state.items()).get(identityKey(cluster, checkout));
    expect(item && decodeIdentity(item.bytes).episode).toBeUndefined();
    expect(stores.state.writes).toBeGreaterThan(0);
  });

  test('makes what came before it usual', async () => {
    const stores = await newStores();
    const engine = new Engine(stores, { learnUntilEpochMs: Date.parse('2026-10-15') });
    for (const days of [0, 1]) await take(engine, later(attack, days));
    expect((await allFindings(stores.findings)).filter(({ severity }) => severity !== 'low')).toEqual([]);
  });
});

describe('an attack that was reported', () => {
  test('is not learned: none of what it did is known the next day', async () => {
    const stores = await newStores();
    const engine = new Engine(stores);
    await take(engine, attack);
    await take(engine, later(attack, 1));
    const item = (await stores.state.items()).get(identityKey(cluster, checkout));
    const { baseline } = decodeIdentity(item?.bytes ?? new Uint8Array());
    expect([...baseline.traits].filter(([key, trait]) => key.startsWith('rules-review|') && trait.quarantined === undefined)).toEqual([]);
    expect([...baseline.traits.values()].filter(({ quarantined }) => quarantined !== undefined).length).toBeGreaterThan(3);
    expect(Math.max(...Object.values(baseline.measures).map(({ largest }) => largest))).toBeLessThan(20);
  });

  test('is found again the next day, as another finding', async () => {
    const stores = await newStores();
    const engine = new Engine(stores);
    await take(engine, attack);
    await take(engine, later(attack, 1));
    const found = (await allFindings(stores.findings)).filter(({ severity }) => severity !== 'low');
    expect(found.map(({ identity }) => identity)).toEqual([checkout, checkout]);
  });

  test('ends its quarantine when it still is done eight days later', async () => {
    const stores = await newStores();
    const engine = new Engine(stores);
    await take(engine, attack);
    await take(engine, later(attack, 8));
    const item = (await stores.state.items()).get(identityKey(cluster, checkout));
    const { baseline } = decodeIdentity(item?.bytes ?? new Uint8Array());
    const first = Math.floor(timeOf(attack[0] as AuditEvent) / 600_000);
    expect([...baseline.traits.values()].filter(({ quarantined }) => quarantined !== undefined && quarantined <= first + 1)).toEqual([]);
  });
});
