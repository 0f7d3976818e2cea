import type { AuditEvent } from '../../lib/audit/event.ts';
import type { StateItem } from '../../lib/store.ts';
import { readSample, slice, timeOf } from '../engine/sample.ts';
import type { Schedule } from './schedule.ts';

/** Some minutes around attacks of the sample. */
const chosen = ['2026-10-14T20:17', '2026-10-15T11:41', '2026-10-15T16:11', '2026-10-16T09:29'];
const lengthMs = 110_000;

/** What schedules are about. */
export interface Scenes {
  /** What was learned before. */
  readonly learned: ReadonlyMap<string, StateItem>;
  /** Events of each scene, in the order of time. */
  readonly events: readonly (readonly AuditEvent[])[];
  readonly sizes: readonly number[];
}

/** Reads the scenes from the sample. */
export async function readScenes(): Promise<Scenes> {
  const sample = await readSample(chosen);
  const events = chosen.map((from) => slice(sample.events, from, lengthMs));
  const learned = await (await sample.learned.copy()).items();
  return { learned, events, sizes: events.map(({ length }) => length) };
}

/** The deliveries of a schedule; none has records of two scenes. */
export function deliveriesOf({ events }: Scenes, { scenes, lengths }: Pick<Schedule, 'scenes' | 'lengths'>): AuditEvent[][] {
  return scenes.flatMap((scene) => cutBy(events[scene] ?? [], lengths));
}

/** Cuts events into deliveries of so many, over and over. */
function cutBy(events: readonly AuditEvent[], lengths: readonly number[]): AuditEvent[][] {
  const deliveries: AuditEvent[][] = [];
  for (let start = 0; start < events.length;) {
    const end = start + (lengths[deliveries.length % lengths.length] ?? 1);
    deliveries.push(events.slice(start, end));
    start = end;
  }
  return deliveries;
}

/** When a delivery's last request was received, in milliseconds since the epoch. */
export function lastTimeOf(events: readonly AuditEvent[]): number {
  return Math.max(...events.map(timeOf));
}
