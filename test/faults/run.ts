import type { BatchResponse } from '../../lambdas/event.ts';
import { Fallible, Process } from './fallible.ts';
import { dataOf, eventOf, handlersOn } from './handlers.ts';
import { deliveriesOf, type SceneDelivery, type Scenes, type Taker } from './scenes.ts';
import { tickMs, type Schedule } from './schedule.ts';
import { memoryStores, World, type Change, type Stores } from './stores.ts';
import { changeRecord, kinesisRecord, StreamMapping } from './stream.ts';

/** Lambda tries an event that nobody waits for three times, and waits in between. Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const waits = [6, 12];
/** A stream's batch that failed comes again about once in a minute. */
const streamTicks = 6;

/** What became of a run. */
export interface Ending {
  readonly world: World;
  readonly fallible: Fallible;
  /** Records that cannot be read, as they were given. */
  readonly poison: readonly string[];
  /** How each delivery came, by its number. */
  readonly ways: readonly (Taker | 'stream')[];
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

/** What a process has that gives events to handlers. */
type Invoke = (taker: Taker, event: unknown) => Promise<unknown>;

/** Handlers in a process of their own, made anew when it is killed. */
class Container {
  #process = new Process();
  readonly #make: (process: Process) => Invoke;
  #invoke: Invoke | undefined;

  constructor(make: (process: Process) => Invoke) {
    this.#make = make;
  }

  async invoke(taker: Taker, event: unknown, deliveries: readonly number[] = []): Promise<unknown> {
    if (this.#process.isDead) {
      this.#process = new Process();
      this.#invoke = undefined;
    }
    this.#process.deliveries = deliveries;
    this.#invoke ??= this.#make(this.#process);
    return await Promise.race([this.#invoke(taker, event), this.#process.death]);
  }
}

/** Plays a schedule until all is quiet and nothing waits any more. */
export class Run {
  readonly #schedule: Schedule;
  readonly #world: World;
  readonly #fallible: Fallible;
  readonly #deliveries: readonly SceneDelivery[];
  readonly #lastTicks: number[];
  readonly #start: number;
  readonly #poison: string[] = [];
  readonly #writers: Container[];
  readonly #notify: Container;
  readonly #changes: StreamMapping<Change>;
  /** What has arrived in the shard of each writer, and how the writer gets it. */
  readonly #shards: { readonly arrived: number[]; readonly mapping: StreamMapping<number> }[];
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
    this.#start = Math.floor((deliveries[0]?.lastTime ?? 0) / tickMs);
    this.#lastTicks = deliveries.map(({ lastTime }) => Math.floor(lastTime / tickMs) - this.#start);
    this.#deliveries = deliveries.map((delivery, index) => (schedule.poisoned.includes(index) ? this.#poisoned(delivery, index) : delivery));
    this.#attempts = deliveries.map(() => 0);
    this.#tasks = schedule.arrivals.map(({ delivery, late }) => ({ tick: (this.#lastTicks[delivery] ?? 0) + late, delivery, attempt: 1 }));
    const now = (): number => (this.#start + this.#fallible.tick) * tickMs;
    const newContainer = (): Container => new Container((process) => {
      const handlers = handlersOn(this.#world.portsOf(process, this.#fallible), now);
      return (taker, event) => handlers(taker)(event);
    });
    this.#writers = Array.from({ length: schedule.writers }, newContainer);
    this.#notify = newContainer();
    this.#changes = new StreamMapping({ items: this.#world.changes, batchSize: 100, recordOf: changeRecord });
    this.#shards = this.#writers.map(() => {
      const arrived: number[] = [];
      const recordOf = (delivery: number, sequenceNumber: string): object => kinesisRecord(dataOf(this.#deliveries[delivery] as SceneDelivery), sequenceNumber);
      return { arrived, mapping: new StreamMapping({ items: arrived, batchSize: 25, recordOf }) };
    });
  }

  /** With a record in it that cannot be read; a call of AWS comes alone and stays as it is. */
  #poisoned(delivery: SceneDelivery, index: number): SceneDelivery {
    if (delivery.taker === 'watch') return delivery;
    const poison = delivery.taker === 'flows' ? `poison ${String(index)}` : `{"kind":"Event","auditID":"poison ${String(index)}","level":`;
    this.#poison.push(poison);
    return { ...delivery, records: delivery.records.toSpliced(index % (delivery.records.length + 1), 0, poison) };
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
    if (this.#failed.length > 0 || this.#changes.failed.length > 0) throw new NotQuietError();
    const ways = this.#deliveries.map(({ taker }, index) => (this.#isStreamed(index) ? 'stream' : taker));
    return { world: this.#world, fallible: this.#fallible, poison: this.#poison, ways, attempts: this.#attempts, order: this.#order, isInOrder: this.#isInOrder, lateness: this.#lateness, redriven: this.#redriven, unkept: await this.#world.settle() };
  }

  /** Goes from tick to tick while anything is to be done. */
  async #work(): Promise<void> {
    while (this.#tasks.length > 0 || !this.#isIdle) {
      const next = Math.min(...this.#tasks.map(({ tick }) => tick), this.#isIdle ? Infinity : this.#fallible.tick + streamTicks);
      this.#fallible.tick = Math.max(this.#fallible.tick, next);
      await this.#fallible.takeEffect();
      const due = this.#tasks.filter(({ tick }) => tick <= this.#fallible.tick).sort((one, other) => one.tick - other.tick || one.delivery - other.delivery);
      this.#tasks = this.#tasks.filter(({ tick }) => tick > this.#fallible.tick);
      const given = due.filter(({ delivery }) => !this.#isStreamed(delivery));
      for (const { delivery } of due.filter((task) => !given.includes(task))) this.#shards[delivery % this.#shards.length]?.arrived.push(delivery);
      await Promise.all(this.#writers.map(async (writer, index) => {
        await this.#give(writer, given.filter((_, task) => task % this.#writers.length === index));
        const mapping = this.#shards[index]?.mapping;
        await mapping?.step((event, items) => this.#invoke(writer, 'ingest', { event, items }));
        this.#failed.push(...(mapping?.failed.splice(0) ?? []));
      }));
      await this.#changes.step(async (event) => (await this.#notify.invoke('notify', event)) as BatchResponse);
    }
    await this.#fallible.takeEffect();
  }

  get #isIdle(): boolean {
    return this.#changes.isIdle && this.#shards.every(({ mapping }) => mapping.isIdle);
  }

  #isStreamed(delivery: number): boolean {
    return this.#schedule.intake === 'stream' && this.#deliveries[delivery]?.taker === 'ingest';
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
    const one = this.#deliveries[delivery] as SceneDelivery;
    const event = this.#isStreamed(delivery) ? { Records: [kinesisRecord(dataOf(one), '0')] } : eventOf(one);
    try {
      return (await this.#invoke(writer, one.taker, { event, items: [delivery] })).batchItemFailures.length === 0;
    } catch {
      return false;
    }
  }

  /** Calls a function with deliveries, of which it takes in those before the first that it says has failed. */
  async #invoke(writer: Container, taker: Taker, { event, items }: { readonly event: unknown; readonly items: readonly number[] }): Promise<BatchResponse> {
    for (const [index, delivery] of items.entries()) {
      const before = new Set([...this.#order, ...items.slice(0, index)]);
      if (!Array.from({ length: delivery }, (_, one) => one).every((one) => before.has(one))) this.#isInOrder = false;
      this.#attempts[delivery] = (this.#attempts[delivery] ?? 0) + 1;
    }
    const { batchItemFailures = [] } = ((await writer.invoke(taker, event, items)) ?? {}) as Partial<BatchResponse>;
    const [failure] = batchItemFailures;
    const records = (event as { Records?: { kinesis: { sequenceNumber: string } }[] }).Records ?? [];
    const taken = failure ? items.slice(0, records.findIndex(({ kinesis }) => kinesis.sequenceNumber === failure.itemIdentifier)) : items;
    for (const delivery of new Set(taken)) {
      if (this.#order.includes(delivery)) continue;
      this.#order.push(delivery);
      this.#lateness[delivery] = this.#fallible.tick - (this.#lastTicks[delivery] ?? 0);
    }
    return { batchItemFailures };
  }

  /** As the run-books have it: failed deliveries are given again, and what fails again stays; findings that could not be told of are read in the table. */
  async #redrive(): Promise<void> {
    const failed = this.#failed;
    this.#failed = [];
    for (const delivery of failed) {
      if (await this.#take(this.#writers[0] as Container, delivery)) this.#redriven += 1;
      else this.#failed.push(delivery);
    }
    if (this.#changes.failed.length === 0) return;
    const untold = this.#changes.failed.splice(0);
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
