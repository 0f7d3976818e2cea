import * as z from 'zod';
import { changeItem } from '../engine/contention.ts';
import { heartbeatKey, learningKey } from '../engine/state-keys.ts';
import type { StateItem, StateStore } from '../store.ts';
import { hourMs, minuteMs } from '../time.ts';
import { decodeHeartbeat } from '../watch/heartbeat.ts';

/** A worker that says nothing for so long is gone, and another may go on; in milliseconds. */
export const workerMs = 5 * minuteMs;

/** A learning that does not get on for so long has stopped: events are scored without it, and people are told; in milliseconds. */
export const stoppedMs = hourMs;

/** As long as any other gets on, one may wait for its turn, but no longer than so; in milliseconds. */
const longestWaitMs = 12 * hourMs;

/** The made-up cluster whose heartbeat says when any learning last got on. No cluster can have a space in its name. */
export const learningsCluster = 'tidemark learnings';

/** All times are in milliseconds since the epoch. */
const learningSchema = z.object({
  /**
   * `learning`: what the cluster's log holds is read, and what is delivered meanwhile is left to that. `closing`: deliveries are taken
   * in again, and what was left is read once more. `learned`: all is done.
   */
  phase: z.enum(['learning', 'closing', 'learned']),
  /** From when on the log is read. */
  since: z.number(),
  /** From when on it is not only learned from, but scored. */
  scoredFrom: z.number(),
  /** All before this was read. */
  readUntil: z.number(),
  /** Audit events that were learned from, and records that could not be read. */
  events: z.number(),
  malformed: z.number(),
  /** When it last got on. */
  progressAt: z.number(),
  /** When a worker was last asked for. */
  askedAt: z.number(),
  /** Until when a worker works on it, if it does not say otherwise. */
  workerUntil: z.number(),
  /** When deliveries were taken in again. */
  closedAt: z.number().optional(),
  /** When the log was found to be none that can be read; it got on since when it is not there. */
  refusedAt: z.number().optional(),
});

/** How far the learning of a cluster's history has come: one small state item. */
export type Learning = z.output<typeof learningSchema>;

/** Gives a learning that begins now. */
export function newLearning(now: number, since: number): Learning {
  return { phase: 'learning', since, scoredFrom: now, readUntil: since, events: 0, malformed: 0, progressAt: now, askedAt: now, workerUntil: 0 };
}

/** Says when any learning last got on, by items of the state among which is `learningsCluster`'s heartbeat, if there is one. */
export function lastWorkIn(items: ReadonlyMap<string, StateItem>): number {
  const item = items.get(heartbeatKey(learningsCluster));
  return (item && decodeHeartbeat(item.bytes).newest) ?? -Infinity;
}

/** Whether it should get on, and does not, while any learning last got on at `lastWork`: where many are new at once, each waits for its turn. */
export function hasStopped({ phase, progressAt, refusedAt }: Learning, now: number, lastWork: number): boolean {
  const still = now - progressAt;
  return phase !== 'learned' && (refusedAt !== undefined || (still > stoppedMs && now - lastWork > stoppedMs) || still > longestWaitMs);
}

/** Gives a learning whose log cannot be read: nothing is left to it until it gets on. */
export function refused(learning: Learning, now: number): Learning | undefined {
  return learning.phase === 'learned' || learning.refusedAt !== undefined ? undefined : { ...learning, refusedAt: now };
}

/** Reads a learning out of its state item's bytes. */
export function decodeLearning(bytes: Uint8Array): Learning {
  return learningSchema.parse(JSON.parse(Buffer.from(bytes).toString()));
}

/**
 * Changes a learning, on whatever others write meanwhile: `change` gives what is to be written instead of what is there, or
 * `undefined` to leave it.
 * @returns what is there then, and whether this call wrote it.
 * @throws {ContentionError} when others were first each time; and whatever the store throws.
 */
export async function updateLearning(state: StateStore, cluster: string, change: (learning: Learning | undefined) => Learning | undefined): Promise<{ learning: Learning | undefined; written: boolean }> {
  let learning: Learning | undefined;
  const written = await changeItem(state, learningKey(cluster), (bytes) => {
    const found = bytes && decodeLearning(bytes);
    const changed = change(found);
    learning = changed ?? found;
    return changed && Buffer.from(JSON.stringify(changed));
  });
  return { learning, written };
}
