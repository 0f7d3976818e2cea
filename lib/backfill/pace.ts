/** The share of the quota that is used: people and other tools of the account ask too. */
const share = 0.5;
const longestPauseMs = 10_000;
/** With each answer the pauses that throttling made longer become shorter by this factor. */
const recovery = 0.8;

const fewRegions = new Set(['ap-northeast-3', 'ap-southeast-3', 'ca-west-1', 'eu-central-1', 'il-central-1']);

/**
 * Gives how many requests of FilterLogEvents a second CloudWatch Logs takes for one account in a region. It cannot be raised.
 * Source: https://docs.aws.amazon.com/general/latest/gr/cwl_region.html
 */
export function requestsPerSecond(region: string): number {
  if (region === 'us-east-1') return 25;
  return fewRegions.has(region) ? 5 : 10;
}

/** Decides when the next request may be sent: evenly within a share of the quota, and slower after each that was throttled. */
export class Pace {
  readonly #usualPauseMs: number;
  #pauseMs: number;
  #nextAt = -Infinity;
  #slowedAt = -Infinity;

  /** @param quota requests a second. */
  constructor(quota: number) {
    this.#usualPauseMs = 1000 / (quota * share);
    this.#pauseMs = this.#usualPauseMs;
  }

  /** Takes the next free place, at the time `now`; both in milliseconds. Gives how long to wait for it. */
  reserve(now: number): number {
    const at = Math.max(now, this.#nextAt);
    this.#nextAt = at + this.#pauseMs;
    return at - now;
  }

  /**
   * A request that was sent at a time was throttled: all are sent half as often, the next after a pause. Those that were under way
   * together are one sign, not many.
   */
  throttled(sentAt: number, now: number): void {
    if (sentAt < this.#slowedAt) return;
    this.#slowedAt = now;
    this.#pauseMs = Math.min(longestPauseMs, this.#pauseMs * 2);
    this.#nextAt = Math.max(this.#nextAt, now + this.#pauseMs);
  }

  /** A request was answered: little by little they are sent as often as usual. */
  answered(): void {
    this.#pauseMs = Math.max(this.#usualPauseMs, this.#pauseMs * recovery);
  }
}
