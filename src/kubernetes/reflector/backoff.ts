export interface BackoffTimings {
  readonly firstBackoff: number;
  readonly longestBackoff: number;
  readonly calm: number;
}

/**
 * Waiting times between attempts that keep failing: doubling, each with up to 100 % on top so that the nodes of a
 * cluster do not come back in step, and from the start again after some calm. Milliseconds.
 */
export class Backoff {
  readonly #timings: BackoffTimings;
  readonly #random: () => number;
  #next: number;
  #until = Number.NEGATIVE_INFINITY;

  /** `random` gives numbers from 0 to below 1. */
  constructor(timings: BackoffTimings, random: () => number) {
    this.#timings = timings;
    this.#random = random;
    this.#next = timings.firstBackoff;
  }

  /** The wait after a failure at the time `now`. */
  next(now: number): number {
    const { firstBackoff, longestBackoff, calm } = this.#timings;
    if (now - this.#until > calm) this.#next = firstBackoff;
    const wait = this.#next * (1 + this.#random());
    this.#next = Math.min(this.#next * 2, longestBackoff);
    this.#until = now + wait;
    return wait;
  }
}
