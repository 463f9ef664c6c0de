import type { Change } from './change.ts';

/** The last changes of one resource, oldest first. What falls out at the old end can no longer be watched from: 410. */
export class History {
  readonly #limit: number;
  #changes: Change[] = [];
  /** Changes before this index are forgotten; they are cut off in bulk, so that forgetting is cheap. */
  #start = 0;
  #floor: number;

  constructor(limit: number, floor: number) {
    this.#limit = limit;
    this.#floor = floor;
  }

  /** All changes after this version are known. */
  get floor(): number {
    return this.#floor;
  }

  add(change: Change): void {
    this.#changes.push(change);
    if (this.#changes.length - this.#start > this.#limit) this.#forgetOldest();
  }

  /** The changes after a version, or undefined if some of them are forgotten. */
  since(version: number): Change[] | undefined {
    if (version < this.#floor) return undefined;
    let index = this.#changes.length;
    while (index > this.#start && (this.#changes[index - 1]?.version ?? 0) > version) index--;
    return this.#changes.slice(index);
  }

  /** Forgets all changes up to a version. */
  compact(version: number): void {
    this.#changes = this.#changes.slice(this.#start).filter((change) => change.version > version);
    this.#start = 0;
    this.#floor = Math.max(this.#floor, version);
  }

  #forgetOldest(): void {
    this.#floor = this.#changes[this.#start]?.version ?? this.#floor;
    this.#start++;
    if (this.#start <= this.#limit) return;
    this.#changes = this.#changes.slice(this.#start);
    this.#start = 0;
  }
}
