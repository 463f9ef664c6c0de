/**
 * Numbers from 0 to a limit, each given to one owner at a time. They go round: a number that was returned is not
 * given again before all others were, so that what still refers to it by mistake refers to nothing.
 */
export class IdPool {
  readonly #limit: number;
  readonly #used = new Set<number>();
  #next = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Throws RangeError if all are in use. */
  take(): number {
    if (this.#used.size >= this.#limit) throw new RangeError(`all ${this.#limit} numbers are in use`);
    while (this.#used.has(this.#next)) this.#advance();
    const id = this.#next;
    this.#used.add(id);
    this.#advance();
    return id;
  }

  /** Marks a number as in use that somebody else gave, such as an earlier run of the program. */
  reserve(id: number): void {
    this.#used.add(id);
    this.#next = Math.max(this.#next, id + 1) % this.#limit;
  }

  release(id: number): void {
    this.#used.delete(id);
  }

  #advance(): void {
    this.#next = (this.#next + 1) % this.#limit;
  }
}
