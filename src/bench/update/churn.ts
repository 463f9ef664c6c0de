import { on } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ObjectEvent } from '../../api/objects.ts';
import { type Garbage, GarbageWatch } from './garbage-watch.ts';
import type { TickerData } from './ticker.ts';

/** Changes that come at their times, whether or not those before them are done. */
export interface ChurnRequest {
  /** Changes a second. */
  readonly rate: number;
  readonly seconds: number;
}

export interface ChurnSamples {
  /** Of each change, from the time that it was due until it was committed, in microseconds: lateness of ours counts. */
  readonly latencies: readonly number[];
  /** CPU time of the JavaScript thread: at work outside the kernel, and in it. */
  readonly cpu: { readonly user: number; readonly system: number };
  readonly garbage: Garbage;
}

/** Takes events and resolves when they are committed. */
export type Take = (events: readonly ObjectEvent[]) => Promise<void>;

/** Makes changes at a rate, open loop: what is due is handed over at once, in one batch if several are. */
export async function churn(
  { rate, seconds }: ChurnRequest,
  changes: Iterator<ObjectEvent[], never>,
  take: Take,
): Promise<ChurnSamples> {
  const count = Math.max(1, Math.round(rate * seconds));
  const interval = 1000 / rate;
  // Before the first: making one takes longer than handling it, and leaves more garbage.
  const made = Array.from({ length: count }, () => changes.next().value);
  const latencies: number[] = [];
  const cpu = { user: 0, system: 0 };
  const { start, ticks } = await startTicker({ interval, count });
  const garbage = new GarbageWatch();
  for await (const due of ticks) {
    const done = latencies.length;
    const events = made.slice(done, due).flat();
    made.fill([], done, due); // as a source, it keeps none of them
    const before = process.threadCpuUsage();
    await take(events);
    const used = process.threadCpuUsage(before);
    const now = performance.now();
    cpu.user += used.user;
    cpu.system += used.system;
    while (latencies.length < due) latencies.push((now - start - latencies.length * interval) * 1000);
  }
  return { latencies, cpu, garbage: garbage.stop() };
}

/** On the clock of performance.now(): when it starts to count; and how many are due, each time that more are. */
async function startTicker(
  plan: Omit<TickerData, 'due'>,
): Promise<{ start: number; ticks: AsyncIterable<number> }> {
  const due = new Int32Array(new SharedArrayBuffer(4));
  const thread = new Worker(new URL('ticker.ts', import.meta.url), { workerData: { ...plan, due } });
  const words = on(thread, 'message');
  const [startedAt] = (await words.next()).value ?? [];
  return { start: startedAt - performance.timeOrigin, ticks: countsOf(due, plan.count, words) };
}

/** At last all of them. */
async function* countsOf(
  due: Int32Array<SharedArrayBuffer>,
  all: number,
  words: AsyncIterator<unknown>,
): AsyncGenerator<number> {
  let told = 0;
  while (told < all) {
    const now = Atomics.load(due, 0);
    if (now === told) await words.next();
    else {
      told = now;
      yield told;
    }
  }
}
