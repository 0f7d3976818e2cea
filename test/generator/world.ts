import { eventsOf, type AuditJson, type Call, type Caller } from './audit.ts';
import { Random } from './random.ts';

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

/** Why a request is made, when it is not everyday life: an attack's scenario, or an innocent oddity. */
export interface Mark {
  readonly scenario: string;
  readonly role: 'attack' | 'consequence' | 'oddity';
}

/** Something done again and again. */
export interface Rhythm {
  readonly from: number;
  readonly until?: number;
  /** Mean time between. */
  readonly every: number;
}

type Task = (time: number) => void;

/** Marks what follows from what was marked. */
export function consequenceOf(mark: Mark | undefined): Mark | undefined {
  return mark?.role === 'attack' ? { ...mark, role: 'consequence' } : mark;
}

/** The clock of a cluster and its audit log. Everything happens in the order of time. */
export class World {
  readonly events: AuditJson[] = [];
  readonly marks = new Map<string, Mark>();
  readonly end: number;
  readonly start: number;
  readonly days: number;
  readonly #random: Random;
  /** What is to be done, by minute. */
  readonly #tasks = new Map<number, (() => void)[]>();

  constructor(seed: string, start: number, days: number) {
    this.#random = new Random(`${seed}/log`);
    this.start = start;
    this.days = days;
    this.end = start + days * day;
  }

  /** Does something at a time; nothing after the end. */
  at(time: number, task: Task): void {
    if (time >= this.end) return;
    const slot = Math.floor(time / minute);
    const tasks = this.#tasks.get(slot);
    const timed = (): void => { task(time); };
    if (tasks) tasks.push(timed);
    else this.#tasks.set(slot, [timed]);
  }

  /** Does something at a steady pace, never quite on the minute. */
  every(random: Random, { from, until = this.end, every }: Rhythm, task: Task): void {
    const step = (time: number): void => {
      if (time >= until) return;
      task(time);
      this.at(time + every * random.between(0.8, 1.2), step);
    };
    this.at(from + every * random.next(), step);
  }

  /** Logs a request. */
  call(time: number, caller: Caller, call: Call, mark?: Mark): void {
    if (time >= this.end) return;
    const events = eventsOf(this.#random, time, caller, call);
    this.events.push(...events);
    if (mark && events[0]) this.marks.set(events[0].auditID, mark);
  }

  /** Lets the time pass. */
  run(): void {
    for (let slot = Math.floor(this.start / minute); slot * minute < this.end; slot++) {
      const tasks = this.#tasks.get(slot);
      for (let index = 0; tasks && index < tasks.length; index++) tasks[index]?.();
      this.#tasks.delete(slot);
    }
    const key = ({ stageTimestamp }: AuditJson): string => stageTimestamp;
    this.events.sort((one, other) => (key(one) < key(other) ? -1 : key(one) > key(other) ? 1 : 0));
  }
}
