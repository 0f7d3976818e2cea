import { Random } from '../generator/random.ts';
import type { Fate, Outage, Schedule, Service } from './schedule.ts';

/** What each service says when it has too much to do, KMS in its name among them. */
const throttles: Readonly<Record<Service, readonly string[]>> = {
  state: ['ProvisionedThroughputExceededException', 'ThrottlingException', 'RequestLimitExceeded'],
  findings: ['ProvisionedThroughputExceededException', 'ThrottlingException'],
  topic: ['Throttled', 'KMSThrottling'],
  'dead letters': ['RequestThrottled', 'KmsThrottled'],
};

/** A process that runs handlers until it is killed. */
export class Process {
  isDead = false;
  /** Which deliveries it works on. */
  deliveries: readonly number[] = [];
  readonly death: Promise<never>;
  #die: (reason: Error) => void = () => undefined;

  constructor() {
    this.death = new Promise((_, reject) => { this.#die = reject; });
    this.death.catch(() => undefined);
  }

  /** Nothing that this process has begun goes on. */
  async kill(): Promise<never> {
    this.isDead = true;
    this.#die(new Error('the process was killed'));
    return await new Promise(() => undefined);
  }
}

/** A call to make, by whom. */
export interface Call<Answer> {
  readonly service: Service;
  readonly process: Process;
  /** Does what is asked. */
  readonly work: () => Promise<Answer>;
  /** Whether it changes anything. */
  readonly isWrite?: boolean;
  /** Told when the call goes wrong. */
  readonly onFault?: () => void;
}

/** Lets calls go wrong as a schedule says. */
export class Fallible {
  /** How many calls were made, and how many went wrong, by how. */
  readonly calls = new Map<Service, number>();
  readonly faults = new Map<Fate, number>();
  /** Set to the tick that it is. */
  tick = 0;
  /** Whether anything still goes wrong. */
  isOver = false;
  readonly #fates: ReadonlyMap<string, Fate>;
  readonly #outages: readonly Outage[];
  readonly #random: Random;
  readonly #isMixed: boolean;
  #late: (() => Promise<unknown>)[] = [];

  constructor({ faults, outages, seed, writers }: Pick<Schedule, 'faults' | 'outages' | 'seed' | 'writers'>) {
    this.#fates = new Map(faults.map(({ service, call, fate }) => [`${service} ${String(call)}`, fate]));
    this.#outages = outages;
    this.#random = new Random(`${seed}/turns`);
    this.#isMixed = writers > 1;
  }

  /** Makes a call, unless it goes wrong. */
  async call<Answer>({ service, process, work, isWrite = false, onFault }: Call<Answer>): Promise<Answer> {
    if (process.isDead) return await process.kill();
    // Others work meanwhile.
    if (this.#isMixed) for (let turn = this.#random.int(0, 9); turn > 0; turn--) await Promise.resolve();
    const fate = this.#fateOf(service);
    if (fate === undefined) return await work();
    this.faults.set(fate, (this.faults.get(fate) ?? 0) + 1);
    onFault?.();
    if (fate === 'kills the process before') return await process.kill();
    if (fate === 'kills the process after it took effect') {
      await work();
      return await process.kill();
    }
    if (fate === 'fails after it took effect' || fate === 'times out and takes effect') await work();
    if (fate === 'times out and takes effect later' && isWrite) this.#late.push(work);
    throw this.#errorOf(service, fate);
  }

  /** What timed out takes effect only now, whatever was done meanwhile. */
  async takeEffect(): Promise<void> {
    const late = this.#late;
    this.#late = [];
    for (const work of late) if (this.isOver || this.#random.chance(0.5)) await work().catch(() => undefined); else this.#late.push(work);
  }

  #fateOf(service: Service): Fate | undefined {
    const call = (this.calls.get(service) ?? 0) + 1;
    this.calls.set(service, call);
    if (this.isOver) return undefined;
    const outage = this.#outages.find(({ service: name, from, until }) => name === service && from <= this.tick && this.tick < until);
    return outage?.fate ?? this.#fates.get(`${service} ${String(call)}`);
  }

  #errorOf(service: Service, fate: Fate): Error {
    const error = new Error(`${service} ${fate}`);
    if (fate === 'is throttled') error.name = this.#random.pick(throttles[service]);
    else error.name = fate.startsWith('times out') ? 'TimeoutError' : 'InternalServerError';
    return error;
  }
}
