import type { Phase } from './recovery.ts';

/** What has come of one try to list and watch. */
export class Attempt {
  phase: Phase = 'watch';
  /** Events of the stream, bookmarks included. */
  eventCount = 0;
  /** When the stream was accepted. */
  #openedAt: number | undefined;

  opened(): void {
    this.#openedAt = performance.now();
  }

  /** For how long the stream has been accepted, in milliseconds. */
  lived(): number {
    return this.#openedAt === undefined ? 0 : performance.now() - this.#openedAt;
  }
}
