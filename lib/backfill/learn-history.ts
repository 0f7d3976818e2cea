import { MalformedRecordError, readAuditEvent, type AuditEvent } from '../audit/event.ts';
import { Engine, type EnginePorts } from '../engine/engine.ts';
import { Heartbeats } from '../watch/heartbeat.ts';
import { learningsCluster, updateLearning, workerMs, type Learning } from './learning.ts';
import type { HistoryRecord, LogHistory, TimeRange } from './log-history.ts';
import { readHistory, type ReadingOptions } from './read-history.ts';
import { minuteMs } from '../time.ts';

/** After so long the log gives all that was written to it. */
const settledAfterMs = 2 * minuteMs;
/** A delivery that was left to the learning may have been under way for so long when it closed. */
const underWayMs = minuteMs;
/** So much is given to the engine together, which then writes each item once for all of it. */
const batchEvents = 5000;
const batchMs = 60 * minuteMs;

/** What learning needs of the outside. */
export interface LearningPorts extends EnginePorts {
  readonly history: LogHistory;
}

/** How a worker works on a learning. */
export interface WorkOptions {
  readonly reading: ReadingOptions;
  /** Whether to stop, and leave the rest to another. */
  readonly isOver?: () => boolean;
  /** Is told each time it got on. */
  readonly onProgress?: (learning: Learning) => void;
}

/** What a worker leaves. */
export interface Worked {
  /** `undefined` when there is nothing to learn of this cluster. */
  readonly learning: Learning | undefined;
  /** When there may be more to do, in milliseconds since the epoch; `undefined` when there is not. */
  readonly again: number | undefined;
  /** Another works on it. */
  readonly isBusy: boolean;
}

/**
 * Goes on with the learning of a cluster's history: reads the log from where it was left to the present, learns from what was before
 * the learning began and scores what came after; then has deliveries taken in again, and reads what was left to it once more. Only one
 * works on it at a time. Whoever is stopped anywhere can be followed by another: what is done twice changes nothing.
 * @throws {HistoryError} when the log cannot be read; and whatever a store throws.
 */
export async function learnHistory(ports: LearningPorts, cluster: string, options: WorkOptions): Promise<Worked> {
  const { clock } = options.reading;
  const taken = await updateLearning(ports.state, cluster, (found) => (found && found.phase !== 'learned' && found.workerUntil <= clock.now() ? { ...found, workerUntil: clock.now() + workerMs } : undefined));
  const { learning } = taken;
  const isOpen = learning !== undefined && learning.phase !== 'learned';
  if (!isOpen || !taken.written) return { learning, again: isOpen ? learning.workerUntil : undefined, isBusy: isOpen };
  const worker = new Worker(ports, cluster, options, learning);
  try {
    await worker.work();
  } finally {
    await worker.leave();
  }
  return { learning: worker.learning, again: worker.again(), isBusy: false };
}

class Worker {
  learning: Learning;
  readonly #ports: LearningPorts;
  readonly #engine: Engine;
  readonly #cluster: string;
  readonly #options: WorkOptions;
  readonly #beats: Heartbeats;

  constructor(ports: LearningPorts, cluster: string, options: WorkOptions, learning: Learning) {
    this.#ports = ports;
    this.#cluster = cluster;
    this.#options = options;
    this.#beats = new Heartbeats(ports.state);
    this.learning = learning;
    this.#engine = new Engine(ports, { learnUntilEpochMs: learning.scoredFrom });
  }

  get #now(): number {
    return this.#options.reading.clock.now();
  }

  async work(): Promise<void> {
    const { isOver = () => false } = this.#options;
    while (!isOver() && this.again() !== undefined && (this.again() as number) <= this.#now) {
      const { phase, readUntil, closedAt = 0 } = this.learning;
      const until = phase === 'closing' ? closedAt + underWayMs : this.#now - settledAfterMs;
      const isThere = until <= readUntil || await this.#read({ from: readUntil, until });
      if (!isThere) return;
      if (phase === 'closing') await this.#update((learning) => ({ ...learning, phase: 'learned' }));
      // While it was read the log went on: only when little is left deliveries are taken in again.
      else if (this.#now - this.learning.readUntil <= settledAfterMs + underWayMs) await this.#update((learning) => ({ ...learning, phase: 'closing', closedAt: this.#now }));
    }
  }

  /** When there is more to do. */
  again(): number | undefined {
    const { phase, closedAt = 0 } = this.learning;
    if (phase === 'learned') return undefined;
    return phase === 'closing' ? closedAt + underWayMs + settledAfterMs : this.#now;
  }

  /** Lets another go on. */
  async leave(): Promise<void> {
    await this.#update((learning) => ({ ...learning, workerUntil: 0 }));
  }

  /** `false` when it was stopped before the end. */
  async #read(range: TimeRange): Promise<boolean> {
    const { isOver = () => false, reading } = this.#options;
    let batch: HistoryRecord[] = [];
    let begun = range.from;
    for await (const { records, readUntil } of readHistory(this.#ports.history, range, reading)) {
      batch.push(...records);
      const stops = isOver();
      const isLast = readUntil >= range.until;
      if (!stops && !isLast && batch.length < batchEvents && readUntil - begun < batchMs) continue;
      // More may come of the last millisecond; whoever goes on after a stop is given all of it.
      await this.#learn(batch.filter(({ time }) => time < readUntil), readUntil);
      if (stops) return isLast;
      batch = batch.filter(({ time }) => time >= readUntil);
      begun = readUntil;
    }
    return true;
  }

  async #learn(records: readonly HistoryRecord[], readUntil: number): Promise<void> {
    const { events, malformed } = readEvents(records);
    for (const [, ofHour] of Map.groupBy(events, ({ stageTimestamp }) => Math.floor(Date.parse(stageTimestamp) / batchMs))) {
      await this.#engine.process({ cluster: this.#cluster, events: ofHour });
    }
    // When an answer was lost it may have been written already.
    await this.#update((learning) => (learning.readUntil >= readUntil ? learning : { ...withoutRefusal(learning), readUntil, events: learning.events + events.length, malformed: learning.malformed + malformed, progressAt: this.#now, workerUntil: this.#now + workerMs }));
    // Others may wait for their turn as long as any gets on.
    await this.#beats.beat(learningsCluster, { newest: this.#now, records: 1, malformed: 0 }, this.#now);
    this.#options.onProgress?.(this.learning);
  }

  async #update(change: (learning: Learning) => Learning): Promise<void> {
    const { learning } = await updateLearning(this.#ports.state, this.#cluster, (found) => found && change(found));
    if (learning) this.learning = learning;
  }
}

/** A record that cannot be read is counted; ingest has put it into the dead letters if it was delivered. */
function readEvents(records: readonly HistoryRecord[]): { events: AuditEvent[]; malformed: number } {
  const events: AuditEvent[] = [];
  let malformed = 0;
  for (const { message } of records) {
    const event = readAuditEvent(message);
    if (event instanceof MalformedRecordError) malformed += 1;
    else events.push(event);
  }
  return { events, malformed };
}

function withoutRefusal({ refusedAt: _, ...learning }: Learning): Learning {
  return learning;
}
