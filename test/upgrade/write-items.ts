import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { begin, cluster, day, dayOfFlows, dayOfQueries, handedOver, identities, learnedDays, podRecords } from './lives.ts';

/*
 * Has an older release write items, and keeps them for the tests:
 *   git worktree add --detach ../older COMMIT && ln -s "$PWD/node_modules" ../older/
 *   node test/upgrade/write-items.ts ../older audit|egress test/upgrade/fixtures/NAME.json
 */

/* eslint-disable @typescript-eslint/no-explicit-any, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-return --
   the modules are those of another release, whose types are not known here. */
const [release = '', sort = '', target = ''] = process.argv.slice(2);
const load = (file: string): Promise<any> => import(pathToFileURL(path.resolve(release, file)).href);
const either = (file: string, other: string): Promise<any> => load(file).catch(() => load(other));

const { MemoryStateStore, MemoryFindingStore } = await load('lib/memory-stores.ts');
const { Engine } = await either('lib/engine/engine.ts', 'lib/engine.ts');
const state = new MemoryStateStore();
const keys = new Set<string>();
const store = {
  read: (some: readonly string[]) => state.read(some),
  write: (key: string, ...rest: unknown[]) => { keys.add(key); return state.write(key, ...rest); },
};
const findings = new MemoryFindingStore();
const engine = new Engine({ state: store, findings }, sort === 'audit' ? { learnUntilEpochMs: Date.parse('2026-10-14T00:00:00Z') } : {});

if (sort === 'audit') {
  const { AuditFiles } = await load('cli/audit-files.ts');
  const { cutDeliveries } = await load('cli/deliveries.ts');
  const files = await AuditFiles.open([path.resolve('examples/shop')]);
  for await (const { events } of cutDeliveries(files.events(), cluster)) {
    const before = events.filter(({ requestReceivedTimestamp }: { requestReceivedTimestamp: string }) => Date.parse(requestReceivedTimestamp) < handedOver);
    if (before.length === 0) break;
    await engine.process({ cluster, events: before });
  }
} else {
  const { Egress } = await load('lib/engine/egress.ts');
  const { Destinations } = await load('lib/egress/destination.ts');
  const { parseAuditEvent } = await load('lib/audit/event.ts');
  const egress = new Egress(engine, store, { destinations: new Destinations() });
  await egress.learnAddresses(cluster, podRecords(begin - 60).map((record) => parseAuditEvent(record)));
  for (let at = begin; at < begin + learnedDays * day; at += day) {
    await egress.process(cluster, dayOfFlows(at));
    await egress.processQueries(cluster, dayOfQueries(at));
  }
}

const kept = [...keys].filter((key) => !key.startsWith('identity|') || identities.some((id) => key.endsWith(id)) || sort === 'egress').sort();
const items = await state.read(kept);
await writeFile(target, `${JSON.stringify({
  items: Object.fromEntries(kept.map((key) => [key, Buffer.from(items.get(key).bytes).toString('base64')])),
  findings: await findings.query({ limit: 100 }),
}, undefined, 1)}\n`);
