import type { BatchResponse } from '../../lambdas/event.ts';
import { createIngestHandler } from '../../lambdas/ingest.ts';
import { createNotifyHandler } from '../../lambdas/notify.ts';
import { silentTelemetry } from '../../lambdas/telemetry.ts';
import { contextOf } from '../../lambdas/local/runner.ts';
import { payloadOf } from '../engine/payloads.ts';
import { Fallible, Process } from './fallible.ts';
import { deliveriesOf, lastTimeOf, type Scenes } from './scenes.ts';
import { tickMs, type Schedule } from './schedule.ts';
import { memoryStores, World, type Stores } from './stores.ts';
import { StreamMapping } from './stream.ts';

/** Lambda tries an event that nobody waits for three times, and waits in between. Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const waits = [6, 12];
/** A stream's batch that failed comes again about once in a minute. */
const streamTicks = 6;
const context = contextOf('faults');

/** What became of a run. */
export interface Ending {
  readonly world: World;
  readonly fallible: Fallible;
  /** Records that cannot be read, as they were given. */
  readonly poison: readonly string[];
  /** Attempts at each delivery, by its number. */
  readonly attempts: readonly number[];
  /** Deliveries in the order in which they were first taken in whole. */
  readonly order: readonly number[];
  /** Whether each delivery was only tried when all before it were taken in, so that nothing overtook anything. */
  readonly isInOrder: boolean;
  /** When each was first tried, and when first taken in whole, in ticks after its last event. */
  readonly lateness: readonly number[];
  /** Deliveries that were played again from the failed ones, and changes of findings. */
  readonly redriven: number;
  /** What the stores do not hold as they should, in words. */
  readonly unkept: readonly string[];
}

interface Task { readonly tick: number; readonly delivery: number; readonly attempt: number }

/** Handlers in a process of their own, made anew when it is killed. */
class Container {
  #process = new Process();
  readonly #make: (process: Process) => (event: unknown) => Promise<unknown>;
  #handle: ((event: unknown) => Promise<unknown>) | undefined;

  constructor(make: (process: Process) => (event: unknown) => Promise<unknown>) {
    this.#make = make;
  }

  async invoke(event: unknown, delivery = -1): Promise<unknown> {
    if (this.#process.isDead) {
      this.#process = new Process();
      this.#handle = undefined;
    }
    this.#process.delivery = delivery;
    this.#handle ??= this.#make(this.#process);
    return await Promise.race([this.#handle(event), this.#process.death]);
  }
}

/** Plays a schedule until all is quiet and nothing waits any more. */
export class Run {
  readonly #schedule: Schedule;
  readonly #world: World;
  readonly #fallible: Fallible;
  readonly #events: unknown[];
  readonly #lastTicks: number[];
  readonly #start: number;
  readonly #poison: string[] = [];
  readonly #writers: Container[];
  readonly #notify: Container;
  readonly #stream: StreamMapping;
  readonly #attempts: number[];
  readonly #order: number[] = [];
  #isInOrder = true;
  readonly #lateness: number[] = [];
  #tasks: Task[];
  #failed: number[] = [];
  #redriven = 0;

  constructor(schedule: Schedule, scenes: Scenes, stores: Stores = memoryStores(scenes.learned)) {
    this.#schedule = schedule;
    this.#world = new World(stores);
    this.#fallible = new Fallible(schedule);
    const deliveries = deliveriesOf(scenes, schedule);
    this.#start = Math.floor(lastTimeOf(deliveries[0] ?? []) / tickMs);
    this.#lastTicks = deliveries.map((events) => Math.floor(lastTimeOf(events) / tickMs) - this.#start);
    this.#events = deliveries.map((events, index) => {
      const records = events.map((event) => JSON.stringify(event));
      if (schedule.poisoned.includes(index)) {
        const poison = `{"kind":"Event","auditID":"poison ${String(index)}","level":`;
        this.#poison.push(poison);
        records.splice(index % (records.length + 1), 0, poison);
      }
      return { awslogs: { data: payloadOf(records).toString('base64') } };
    });
    this.#attempts = deliveries.map(() => 0);
    this.#tasks = schedule.arrivals.map(({ delivery, late }) => ({ tick: (this.#lastTicks[delivery] ?? 0) + late, delivery, attempt: 1 }));
    const portsOf = (process: Process) => this.#world.portsOf(process, this.#fallible);
    const now = (): number => (this.#start + this.#fallible.tick) * tickMs;
    const telemetry = silentTelemetry();
    this.#writers = Array.from({ length: schedule.writers }, () => new Container((process) => {
      const handler = createIngestHandler(portsOf(process), telemetry, { now });
      return (event) => handler(event, context);
    }));
    this.#notify = new Container((process) => {
      const handler = createNotifyHandler({ ...portsOf(process), now }, telemetry);
      return (event) => handler(event, context);
    });
    this.#stream = new StreamMapping(this.#world.changes);
  }

  /** @throws {NotQuietError} when something still waits long after nothing goes wrong any more. */
  async play(): Promise<Ending> {
    await this.#work();
    for (const wait of this.#schedule.redrives) {
      this.#fallible.tick += wait;
      await this.#redrive();
      await this.#work();
    }
    this.#fallible.isOver = true;
    for (let round = 1; round <= 3; round++) {
      this.#fallible.tick += streamTicks;
      await this.#redrive();
      await this.#work();
    }
    if (this.#failed.length > 0 || this.#stream.failed.length > 0) throw new NotQuietError();
    return { world: this.#world, fallible: this.#fallible, poison: this.#poison, attempts: this.#attempts, order: this.#order, isInOrder: this.#isInOrder, lateness: this.#lateness, redriven: this.#redriven, unkept: await this.#world.settle() };
  }

  /** Goes from tick to tick while anything is to be done. */
  async #work(): Promise<void> {
    while (this.#tasks.length > 0 || !this.#stream.isIdle) {
      const next = Math.min(...this.#tasks.map(({ tick }) => tick), this.#stream.isIdle ? Infinity : this.#fallible.tick + streamTicks);
      this.#fallible.tick = Math.max(this.#fallible.tick, next);
      await this.#fallible.takeEffect();
      const due = this.#tasks.filter(({ tick }) => tick <= this.#fallible.tick).sort((one, other) => one.tick - other.tick || one.delivery - other.delivery);
      this.#tasks = this.#tasks.filter(({ tick }) => tick > this.#fallible.tick);
      await Promise.all(this.#writers.map((writer, index) => this.#give(writer, due.filter((_, task) => task % this.#writers.length === index))));
      await this.#stream.step(async (event) => (await this.#notify.invoke(event)) as BatchResponse);
    }
    await this.#fallible.takeEffect();
  }

  async #give(writer: Container, tasks: readonly Task[]): Promise<void> {
    for (const { delivery, attempt } of tasks) {
      if (await this.#take(writer, delivery)) continue;
      const wait = waits[attempt - 1];
      if (wait === undefined) this.#failed.push(delivery);
      else this.#tasks.push({ tick: this.#fallible.tick + wait, delivery, attempt: attempt + 1 });
    }
  }

  async #take(writer: Container, delivery: number): Promise<boolean> {
    if (!Array.from({ length: delivery }, (_, before) => before).every((before) => this.#order.includes(before))) this.#isInOrder = false;
    this.#attempts[delivery] = (this.#attempts[delivery] ?? 0) + 1;
    try {
      await writer.invoke(this.#events[delivery], delivery);
    } catch {
      return false;
    }
    if (!this.#order.includes(delivery)) {
      this.#order.push(delivery);
      this.#lateness[delivery] = this.#fallible.tick - (this.#lastTicks[delivery] ?? 0);
    }
    return true;
  }

  /** As the run-books have it: failed deliveries are given again, and what fails again stays; findings that could not be told of are read in the table. */
  async #redrive(): Promise<void> {
    const failed = this.#failed;
    this.#failed = [];
    for (const delivery of failed) {
      if (await this.#take(this.#writers[0] as Container, delivery)) this.#redriven += 1;
      else this.#failed.push(delivery);
    }
    if (this.#stream.failed.length === 0) return;
    const untold = this.#stream.failed.splice(0);
    this.#world.read(untold);
    this.#redriven += untold.length;
  }
}

/** Something still waits though nothing goes wrong any more. */
export class NotQuietError extends Error {
  override readonly name = 'NotQuietError' as const;
  constructor(options?: ErrorOptions) {
    super('dead letters that were played again when all was well failed again', options);
  }
}
