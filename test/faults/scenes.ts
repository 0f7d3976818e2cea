import { Destinations } from '../../lib/egress/destination.ts';
import { FlowLogReader } from '../../lib/egress/flow-log.ts';
import type { FlowRecord } from '../../lib/egress/flow-record.ts';
import type { AuditEvent } from '../../lib/audit/event.ts';
import { Egress } from '../../lib/engine/egress.ts';
import { Engine } from '../../lib/engine/engine.ts';
import { MemoryFindingStore } from '../../lib/memory-stores.ts';
import type { StateItem } from '../../lib/store.ts';
import { podEvents } from '../engine/pod-events.ts';
import { cluster, readSample, slice, timeOf } from '../engine/sample.ts';
import type { TracedStateStore } from '../engine/traced-state.ts';
import { delivered, detail, loggingChange } from '../lib/trail/calls.ts';
import type { Schedule } from './schedule.ts';

/** A function. */
export type Taker = 'ingest' | 'flows' | 'watch' | 'notify';

/** Some minutes in which something happens. */
export interface Scene {
  readonly taker: Taker;
  /** Records as they come, with their times in milliseconds since the epoch; in the order of time. */
  readonly records: readonly { readonly time: number; readonly text: string }[];
}

/** What schedules are about. */
export interface Scenes {
  /** What was learned before. */
  readonly learned: ReadonlyMap<string, StateItem>;
  readonly scenes: readonly Scene[];
}

/** Records that come together. */
export interface SceneDelivery {
  readonly taker: Taker;
  readonly records: readonly string[];
  /** When the last of them was made, in milliseconds since the epoch. */
  readonly lastTime: number;
}

/** Some minutes around attacks of the sample. */
const chosen = ['2026-10-14T20:17', '2026-10-15T11:41', '2026-10-15T16:11', '2026-10-16T09:29'];
const lengthMs = 110_000;
/** The flow log is of other days, so that nothing of it is a part of what the audit log shows. */
const flowDay = Date.parse('2026-10-20T00:00:00Z') / 1000;
const day = 86_400;
const tenMinutes = 600;
const address = '10.77.3.7';
const usual = '192.0.2.80';
const stranger = '203.0.113.66';

/** Reads the scenes from the sample, and makes one of flow records and one of calls of AWS. */
export async function readScenes(): Promise<Scenes> {
  const sample = await readSample(chosen);
  const scenes = [...chosen.map((from) => ofAudit(slice(sample.events, from, lengthMs))), ofFlows(), ofCalls()];
  const state = await sample.learned.copy();
  await learnFlows(state);
  return { learned: await state.items(), scenes };
}

/** The deliveries of a schedule; none has records of two scenes, and each call of AWS comes alone. */
export function deliveriesOf({ scenes }: Pick<Scenes, 'scenes'>, { scenes: played, lengths }: Pick<Schedule, 'scenes' | 'lengths'>): SceneDelivery[] {
  return played.flatMap((index) => {
    const { taker, records } = scenes[index] as Scene;
    return cutBy(records, taker === 'watch' ? [1] : lengths).map((some) => ({ taker, records: some.map(({ text }) => text), lastTime: Math.max(...some.map(({ time }) => time)) }));
  });
}

/** Cuts records into deliveries of so many, over and over. */
function cutBy<Of>(records: readonly Of[], lengths: readonly number[]): Of[][] {
  const deliveries: Of[][] = [];
  for (let start = 0; start < records.length;) {
    const end = start + (lengths[deliveries.length % lengths.length] ?? 1);
    deliveries.push(records.slice(start, end));
    start = end;
  }
  return deliveries;
}

function ofAudit(events: readonly AuditEvent[]): Scene {
  return { taker: 'ingest', records: events.map((event) => ({ time: timeOf(event), text: JSON.stringify(event) })) };
}

/** A workload sends what it always does, asks much that it never asked inside, and sends more and more to a stranger. */
function ofFlows(): Scene {
  // So few that each is kept, and none at once with another: of more, which are kept and which was first is a matter of order.
  const lines = Array.from({ length: 6 }, (_, index) => flowDay + index * tenMinutes).flatMap((start, index) => [
    flowLine(start, usual, 200_000),
    flowLine(start + 1, stranger, 80_000_000 * (index + 1)),
    ...Array.from({ length: 4 }, (_one, host) => flowLine(start + 2 + host, `10.77.9.${String(index * 4 + host)}`, 60, 6379)),
  ]);
  return { taker: 'flows', records: lines.map((text) => ({ time: Number(text.split(' ')[11]) * 1000, text })) };
}

/** Default format: https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html */
function flowLine(start: number, destination: string, bytes: number, port = 443): string {
  return `2 123456789012 eni-0a1b ${address} ${destination} 40000 ${String(port)} 6 10 ${String(bytes)} ${String(start)} ${String(start + 60)} ACCEPT OK`;
}

/** Somebody with rights in AWS goes about taking away what is seen. */
function ofCalls(): Scene {
  const start = Date.parse('2026-10-22T09:00:00Z');
  const group = `/aws/eks/${cluster}/cluster`;
  const calls = [
    detail('logs', 'PutRetentionPolicy', { logGroupName: group, retentionInDays: 1 }),
    detail('logs', 'DeleteLogStream', { logGroupName: group }),
    loggingChange(false, ['audit'], cluster),
    detail('logs', 'DeleteLogGroup', { logGroupName: group }),
    detail('logs', 'DeleteLogStream', { logGroupName: group }, { userIdentity: { type: 'IAMUser', principalId: 'AIDAEXAMPLE', arn: 'arn:aws:iam::123456789012:user/mallory', accountId: '123456789012' } }),
    loggingChange(true, ['audit'], cluster),
  ];
  return { taker: 'watch', records: calls.map((call, index) => ({ time: start + index * 20_000, text: JSON.stringify(delivered({ ...call, eventTime: new Date(start + index * 20_000).toISOString() })) })) };
}

/** A pod is made, its node tells its address, and for eight days it sends the same. */
async function learnFlows(state: TracedStateStore): Promise<void> {
  const egress = new Egress(new Engine({ state, findings: new MemoryFindingStore() }), state, { destinations: new Destinations() });
  await egress.learnAddresses(cluster, podEvents(flowDay - 9 * day, { namespace: 'warehouse', app: 'loader', address, nodeAddress: '10.77.0.1' }));
  const reader = new FlowLogReader();
  for (let from = flowDay - 8 * day; from < flowDay; from += day) {
    const lines = Array.from({ length: day / tenMinutes }, (_, index) => flowLine(from + index * tenMinutes, usual, 200_000));
    await egress.process(cluster, lines.map((line) => reader.read(line) as FlowRecord));
  }
}
