/** Waiting times between attempts that keep failing: doubling from `first` up to `limit`, in milliseconds. */
export class Backoff {
  readonly #first: number;
  readonly #limit: number;
  #next: number;

  constructor(first: number, limit: number) {
    this.#first = first;
    this.#limit = limit;
    this.#next = first;
  }

  next(): number {
    const wait = this.#next;
    this.#next = Math.min(wait * 2, this.#limit);
    return wait;
  }

  reset(): void {
    this.#next = this.#first;
  }
}
