import type { Benchmark, CommonOptions, Measured, Output } from './benchmark.ts';
import { BLACKBOX } from './blackbox.ts';
import { PATH } from './path.ts';
import { runBenchmark } from './run-benchmark.ts';
import { SOURCE } from './source.ts';
import { UPDATE } from './update.ts';

/** A benchmark that one need not know the options of. */
export interface NamedBenchmark {
  readonly help: Benchmark['help'];
  /** By itself; resolves to the exit code. */
  readonly run: (args: readonly string[]) => Promise<number>;
  readonly obstacle: (args: readonly string[]) => string | undefined;
  readonly measure: (args: readonly string[], output: Output) => Promise<Measured>;
}

/** Those that there are; bench/all/short-form.ts says how they are run together. */
export const BENCHMARKS: Readonly<Record<string, NamedBenchmark>> = {
  update: named('update', UPDATE),
  source: named('source', SOURCE),
  path: named('path', PATH),
  blackbox: named('blackbox', BLACKBOX),
};

function named<Options extends CommonOptions>(name: string, benchmark: Benchmark<Options>): NamedBenchmark {
  return {
    help: benchmark.help,
    run: (args) => runBenchmark(name, benchmark, args),
    obstacle: (args) => benchmark.obstacleTo(benchmark.parse(args)),
    measure: (args, output) => benchmark.measure(benchmark.parse(args), output),
  };
}
