import { UsageError } from '../run-options.ts';
import { ALL } from './all.ts';
import { BENCHMARKS } from './benchmarks.ts';
import { runBenchmark } from './run-benchmark.ts';

const NAMES = Object.keys(BENCHMARKS);

/** `nodeplane bench`: a short form of all benchmarks when none is named. */
export async function bench(args: readonly string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(usage());
    return 0;
  }
  const [first = '', ...rest] = nameAndFlags(args);
  if (first === 'all') return runBenchmark('', ALL, rest);
  const benchmark = Object.hasOwn(BENCHMARKS, first) ? BENCHMARKS[first] : undefined;
  if (benchmark === undefined) {
    throw new UsageError(`bench: "${first}" is not a benchmark; ${NAMES.join(', ')} and all are`);
  }
  return benchmark.run(rest);
}

/**
 * `--report DIR` may come before the name, as in the script of package.json, where `npm run bench -- NAME` adds the name; a
 * later one holds. Without a name it is "all".
 */
export function nameAndFlags(args: readonly string[]): string[] {
  const [flag, directory, name = 'all', ...rest] = args;
  if (flag === '--report' && directory !== undefined) {
    return name.startsWith('-') ? ['all', ...args] : [name, flag, directory, ...rest];
  }
  return flag === undefined || flag.startsWith('-') ? ['all', ...args] : [...args];
}

function usage(): string {
  const benchmarks = Object.entries({ all: ALL, ...BENCHMARKS });
  const summaries = benchmarks.map(([name, { help }]) => `${name}: ${help.summary}\n`).join('');
  const options = benchmarks.map(([name, { help }]) => `\noptions of ${name}${help.options}`).join('');
  return `nodeplane bench: measures nodeplane on this machine, in network namespaces of its own

usage: nodeplane bench [all|${NAMES.join('|')}] [options]

${summaries}${options}`;
}
