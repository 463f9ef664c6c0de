/** Estimates how long the rest takes: as much longer than planned as what was done. */
export class TimeLeft {
  readonly #planned: number[];
  readonly #clock: () => number;
  readonly #start: number;
  #done = 0;

  /** How long each part is planned to take, in milliseconds. */
  constructor(planned: readonly number[], clock: () => number = () => performance.now()) {
    this.#planned = [...planned];
    this.#clock = clock;
    this.#start = clock();
  }

  /** The part at hand is done. */
  done(): void {
    this.#done += this.#planned.shift() ?? 0;
  }

  /** In words; `share` of the part at hand is done. */
  text(share: number): string {
    const rest = this.#planned.reduce((sum, it) => sum + it, 0);
    const part = share * (this.#planned[0] ?? 0);
    const done = this.#done + part;
    const stretch = done === 0 ? 1 : Math.max(1, (this.#clock() - this.#start) / done);
    const seconds = (stretch * (rest - part)) / 1000;
    return seconds < 90 ? `${Math.ceil(seconds / 10) * 10} s` : `${Math.ceil(seconds / 60)} min`;
  }
}
