/**
 * A thread that says when something is due, so often and so exactly as timers of the event loop cannot. Talks with
 * churn.ts: posts the time at which it starts to count, and then a word each time that another is due. How many they are
 * stands in shared memory: words that pile up while nobody listens are not to be counted one by one.
 */
import { parentPort, workerData } from 'node:worker_threads';

export interface TickerData {
  /** Milliseconds from one to the next. */
  readonly interval: number;
  readonly count: number;
  /** One number: how many are due. */
  readonly due: Int32Array<SharedArrayBuffer>;
}

/** Until the first is due: so long that whoever listens has been told. */
const LEAD_MS = 20;

/** Never changed: waiting for it is sleeping. */
const NOTHING = new Int32Array(new SharedArrayBuffer(4));

/** Milliseconds on a clock that all threads share. */
function clock(): number {
  return performance.timeOrigin + performance.now();
}

function tick({ interval, count, due }: TickerData): void {
  const start = clock() + LEAD_MS;
  parentPort?.postMessage(start);
  let told = 0;
  while (told < count) {
    const now = clock();
    const next = start + told * interval;
    if (now < next) Atomics.wait(NOTHING, 0, 0, next - now);
    else {
      told = Math.min(count, Math.floor((now - start) / interval) + 1);
      Atomics.store(due, 0, told);
      parentPort?.postMessage(told);
    }
  }
}

tick(workerData as TickerData); // only churn.ts starts it
