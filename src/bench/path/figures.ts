import { percentile } from '../common/statistics.ts';

export type FigureKind = 'latency' | 'rate' | 'throughput';

/** What is told of a block, with its unit. */
export type FigureName = 'p50_us' | 'p99_us' | 'per_s' | 'gbit_per_s';

/** The figures of each kind; the first is the one that matters most. */
export const FIGURES = {
  latency: ['p50_us', 'p99_us'],
  rate: ['per_s'],
  throughput: ['gbit_per_s'],
} as const satisfies Record<FigureKind, readonly FigureName[]>;

/** What path-load answers to the command of a block: latencies in nanoseconds, or "DONE NANOSECONDS". */
export type Block = readonly number[];

type FigureOf = (block: Block) => number;

const FIGURE_OF: Readonly<Record<FigureName, FigureOf>> = {
  p50_us: (latencies) => percentile(Float64Array.from(latencies).sort(), 50) / 1000,
  p99_us: (latencies) => percentile(Float64Array.from(latencies).sort(), 99) / 1000,
  per_s: ([done = Number.NaN, nanoseconds = Number.NaN]) => (done / nanoseconds) * 1e9,
  gbit_per_s: ([bytes = Number.NaN, nanoseconds = Number.NaN]) => (bytes * 8) / nanoseconds,
};

export function figureOf(name: FigureName, block: Block): number {
  return FIGURE_OF[name](block);
}
