import * as z from 'zod';
import { heartbeatKey } from '../engine/state-keys.ts';
import { ConflictError, type StateStore } from '../store.ts';
import { hourMs, minuteMs } from '../time.ts';

/** So seldom a function looks whether a cluster's item is to be written, whatever comes; it is, when it is older: 12 write units an hour for all functions together. */
const writtenEveryMs = 5 * minuteMs;
/** So often each function writes all the same, so that what it counted is not lost with it. */
const countedEveryMs = hourMs;
const hoursKept = 2;
const keptSeconds = 90 * 24 * 60 * 60;

const heartbeatSchema = z.object({
  /** When it was first waited for, or first heard; in milliseconds since the epoch like all times here. */
  since: z.number(),
  /** The newest event that was taken in. */
  newest: z.number().optional(),
  /** Of the latest hours in which records came, the latest last; a delivery that came twice is counted twice. */
  hours: z.array(z.object({ hour: z.number(), records: z.number(), malformed: z.number() })),
});

/** What is known of a cluster's log: when it last spoke, and how much of it could be read. */
export type Heartbeat = z.output<typeof heartbeatSchema>;

/** What a delivery brought. */
export interface Beat {
  /** The newest event's time; `undefined` when none could be read. */
  readonly newest: number | undefined;
  /** Records, those that could not be read among them. */
  readonly records: number;
  readonly malformed: number;
}

interface Pending {
  newest: number | undefined;
  records: number;
  malformed: number;
  looked: number;
  written: number;
}

/** Remembers of each cluster when its log last spoke, in one small item that is seldom written. */
export class Heartbeats {
  readonly #state: StateStore;
  readonly #pending = new Map<string, Pending>();

  constructor(state: StateStore) {
    this.#state = state;
  }

  /**
   * Notes that a delivery came. What others write meanwhile is never lost: this one's part is then written later. While another function has just
   * written, and all could be read, nothing more is written for an hour.
   * @throws whatever the store throws, but for conflicts.
   */
  async beat(cluster: string, { newest, records, malformed }: Beat, now: number): Promise<void> {
    const pending = this.#pending.get(cluster) ?? { newest: undefined, records: 0, malformed: 0, looked: -Infinity, written: now };
    this.#pending.set(cluster, pending);
    // A clock that is ahead must not make a cluster look alive after it fell silent.
    if (newest !== undefined) pending.newest = Math.max(pending.newest ?? 0, Math.min(newest, now));
    pending.records += records;
    pending.malformed += malformed;
    if (now - pending.looked < writtenEveryMs) return;
    pending.looked = now;
    if (await this.#write(cluster, pending, now)) Object.assign(pending, { records: 0, malformed: 0, written: now });
  }

  async #write(cluster: string, pending: Pending, now: number): Promise<boolean> {
    const { heartbeat, version } = await readHeartbeat(this.#state, cluster);
    const isFresh = heartbeat?.newest !== undefined && (pending.newest ?? -Infinity) - heartbeat.newest < writtenEveryMs;
    if (isFresh && pending.malformed === 0 && now - pending.written < countedEveryMs) return false;
    return await writeHeartbeat(this.#state, cluster, { heartbeat: added(heartbeat ?? { since: now, hours: [] }, pending, now), version });
  }
}

/** A heartbeat as it is stored; `undefined` and 0 while there is none. */
export interface StoredHeartbeat<Known = Heartbeat | undefined> {
  readonly heartbeat: Known;
  readonly version: number;
}

/** Reads a cluster's heartbeat. */
export async function readHeartbeat(state: StateStore, cluster: string): Promise<StoredHeartbeat> {
  const key = heartbeatKey(cluster);
  const item = (await state.read([key])).get(key);
  return { heartbeat: item && decodeHeartbeat(item.bytes), version: item?.version ?? 0 };
}

/** Reads a heartbeat out of its state item's bytes. */
export function decodeHeartbeat(bytes: Uint8Array): Heartbeat {
  return heartbeatSchema.parse(JSON.parse(Buffer.from(bytes).toString()));
}

/** Writes a heartbeat over the version that was read. `false` when somebody else was first. */
export async function writeHeartbeat(state: StateStore, cluster: string, { heartbeat, version }: StoredHeartbeat<Heartbeat>): Promise<boolean> {
  const expiresAt = Math.ceil((heartbeat.newest ?? heartbeat.since) / 1000) + keptSeconds;
  try {
    await state.write(heartbeatKey(cluster), Buffer.from(JSON.stringify(heartbeat)), version, expiresAt);
    return true;
  } catch (error) {
    if (error instanceof ConflictError) return false;
    throw error;
  }
}

function added({ since, newest, hours }: Heartbeat, pending: Pending, now: number): Heartbeat {
  const latest = Math.max(newest ?? -Infinity, pending.newest ?? -Infinity);
  const hour = Math.floor(now / hourMs);
  const of = hours.find((one) => one.hour === hour) ?? { hour, records: 0, malformed: 0 };
  const sum = { hour, records: of.records + pending.records, malformed: of.malformed + pending.malformed };
  return { since, ...(Number.isFinite(latest) ? { newest: latest } : {}), hours: [...hours.filter((one) => one.hour !== hour), sum].slice(-hoursKept) };
}
