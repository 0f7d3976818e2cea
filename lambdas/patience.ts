import { setTimeout } from 'node:timers/promises';

/** What is left of a call's time for an attempt that is under way and for the answer, in milliseconds. */
const reserveMs = 7000;
const longestDelayMs = 20_000;

/** What waiting needs of the outside. */
export interface PatienceOptions {
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** From 0 to just below 1. */
  readonly random?: () => number;
  readonly wait?: (milliseconds: number) => Promise<unknown>;
}

/**
 * How long a function goes on trying: all that it uses tries again only as long as the function's own time lasts, so that
 * it ends by saying what failed, and not by being killed.
 */
export class Patience {
  readonly #now: () => number;
  readonly #random: () => number;
  readonly #wait: (milliseconds: number) => Promise<unknown>;
  #until = Infinity;

  constructor({ now = Date.now, random = Math.random, wait = setTimeout }: PatienceOptions = {}) {
    this.#now = now;
    this.#random = random;
    this.#wait = wait;
  }

  /** A call of the function begins, which may take so many milliseconds. */
  begin(remainingMs: number): void {
    this.#until = this.#now() + remainingMs - reserveMs;
  }

  /** Whether it is too late to begin anything more. */
  get isOver(): boolean {
    return this.#now() >= this.#until;
  }

  /**
   * Says how long to wait after so many attempts, in milliseconds: anything up to a bound that doubles each time, so that
   * many who failed together do not come back together
   * ([full jitter](https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/)).
   * @throws {OutOfTimeError} when that is longer than there is time.
   */
  delayAfter(attempts: number, baseMs: number): number {
    const delay = Math.floor(this.#random() * Math.min(baseMs * 2 ** (attempts - 1), longestDelayMs));
    if (this.#now() + delay >= this.#until) throw new OutOfTimeError();
    return delay;
  }

  /**
   * Waits as long as `delayAfter` says.
   * @throws {OutOfTimeError} as it does.
   */
  async pause(attempts: number, baseMs: number): Promise<void> {
    await this.#wait(this.delayAfter(attempts, baseMs));
  }
}

/** There is no time left to try once more: the same can be given again later. */
export class OutOfTimeError extends Error {
  override readonly name = 'OutOfTimeError' as const;
  constructor(options?: ErrorOptions) {
    super('the function has no time left to try once more', options);
  }
}
