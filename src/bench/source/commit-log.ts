import { cpuTime } from './clock.ts';
import type { Commits } from './messages.ts';

/** What became of the changes since it was armed, in the order of the stream. */
export class CommitLog {
  #readAt: number[] = [];
  #committedAt: number[] = [];
  #transactions = 0;
  #cpuBefore = 0;
  #cpu = 0;
  #waiting: { readonly count: number; readonly resolve: () => void } | undefined;

  arm(): void {
    this.#readAt = [];
    this.#committedAt = [];
    this.#transactions = 0;
    this.#cpuBefore = cpuTime();
  }

  /** A transaction of the kernel went through. */
  transaction(): void {
    this.#transactions++;
  }

  /** Changes that came together are committed. */
  committed(changes: number, readAt: number, committedAt: number): void {
    for (let index = 0; index < changes; index++) {
      this.#readAt.push(readAt);
      this.#committedAt.push(committedAt);
    }
    if (this.#waiting !== undefined && this.#committedAt.length >= this.#waiting.count) this.#finish();
  }

  /** Resolves when so many changes are committed. */
  async wait(count: number): Promise<Commits> {
    await new Promise<void>((resolve) => {
      this.#waiting = { count, resolve };
      if (this.#committedAt.length >= count) this.#finish();
    });
    return {
      readAt: this.#readAt,
      committedAt: this.#committedAt,
      transactions: this.#transactions,
      cpu: this.#cpu,
    };
  }

  #finish(): void {
    this.#cpu = cpuTime() - this.#cpuBefore;
    this.#waiting?.resolve();
    this.#waiting = undefined;
  }
}
