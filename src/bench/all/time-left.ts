/** Reckons how long the rest takes: as much longer or shorter than planned as what is done. */
export class TimeLeft {
  readonly #planned: readonly number[];
  readonly #now: () => number;
  /** When each part began, and the part at hand. */
  readonly #startedAt: number[];

  /** What each part should take, in seconds. `now` is in milliseconds. */
  constructor(planned: readonly number[], now: () => number = () => performance.now()) {
    this.#planned = planned;
    this.#now = now;
    this.#startedAt = [now()];
  }

  /** The part at hand is done. */
  next(): void {
    this.#startedAt.push(this.#now());
  }

  /** Seconds. */
  left(): number {
    const current = this.#startedAt.length - 1;
    const [start = 0] = this.#startedAt;
    const partStart = this.#startedAt[current] ?? start;
    const sum = (parts: readonly number[]): number => parts.reduce((total, part) => total + part, 0);
    const done = sum(this.#planned.slice(0, current));
    const pace = done === 0 ? 1 : (partStart - start) / 1000 / done;
    const inPart = (this.#now() - partStart) / 1000;
    const restOfPart = Math.max(0, (this.#planned[current] ?? 0) * pace - inPart);
    return restOfPart + sum(this.#planned.slice(current + 1)) * pace;
  }

  /** As in "about 2:10 left". */
  text(): string {
    const seconds = Math.ceil(this.left() / STEP_S) * STEP_S;
    return `about ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} left`;
  }
}

/** More exact it is not. */
const STEP_S = 5;
