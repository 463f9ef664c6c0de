import { GCProfiler } from 'node:v8';

/** What the garbage collector did in a while. */
export interface Garbage {
  readonly collections: number;
  /** The JavaScript thread stood still for so long, in microseconds. */
  readonly pauses: { readonly total: number; readonly longest: number };
  /** Bytes. */
  readonly allocated: number;
}

/** Watches the garbage collector from its construction on. */
export class GarbageWatch {
  readonly #profiler = new GCProfiler();
  readonly #heapAtStart = process.memoryUsage().heapUsed;

  constructor() {
    this.#profiler.start();
  }

  stop(): Garbage {
    const { statistics } = this.#profiler.stop();
    let heap = this.#heapAtStart;
    let allocated = 0;
    for (const { beforeGC, afterGC } of statistics) {
      allocated += beforeGC.heapStatistics.usedHeapSize - heap;
      heap = afterGC.heapStatistics.usedHeapSize;
    }
    allocated += process.memoryUsage().heapUsed - heap;
    const pauses = statistics.map(({ cost }) => cost);
    const total = pauses.reduce((sum, cost) => sum + cost, 0);
    return {
      collections: statistics.length,
      pauses: { total, longest: Math.max(0, ...pauses) },
      allocated,
    };
  }
}
