/** Time as the sync room sees it, injected so that tests own it. */
export interface Clock {
  /** Monotonic time in microseconds. */
  now(): number;
  /** Calls back once after some milliseconds; the returned function cancels that. */
  after(milliseconds: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now() * 1000,
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};
