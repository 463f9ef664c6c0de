import { UsageError } from '../run-options.ts';
import { BLACKBOX_HELP, runBlackbox } from './blackbox.ts';
import { PATH_HELP, runPath } from './path.ts';
import { runSource, SOURCE_HELP } from './source.ts';
import { runUpdate, UPDATE_HELP } from './update.ts';

interface Benchmark {
  readonly help: { readonly summary: string; readonly options: string };
  /** Resolves to the exit code. */
  readonly run: (args: readonly string[]) => Promise<number>;
}

const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  update: { help: UPDATE_HELP, run: runUpdate },
  source: { help: SOURCE_HELP, run: runSource },
  path: { help: PATH_HELP, run: runPath },
  blackbox: { help: BLACKBOX_HELP, run: runBlackbox },
};

const NAMES = Object.keys(BENCHMARKS);

/** `nodeplane bench`: runs `update` when no benchmark is named. */
export async function bench(args: readonly string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(usage());
    return 0;
  }
  const [first = ''] = args;
  if (first === '' || first.startsWith('-')) return runUpdate(args);
  const benchmark = Object.hasOwn(BENCHMARKS, first) ? BENCHMARKS[first] : undefined;
  if (benchmark === undefined) {
    throw new UsageError(`bench: "${first}" is not a benchmark; ${NAMES.join(' and ')} are`);
  }
  return benchmark.run(args.slice(1));
}

function usage(): string {
  const benchmarks = Object.entries(BENCHMARKS);
  const summaries = benchmarks.map(([name, { help }]) => `${name}: ${help.summary}\n`).join('');
  const options = benchmarks.map(([name, { help }]) => `\noptions of ${name}${help.options}`).join('');
  return `nodeplane bench: measures nodeplane on this machine, in network namespaces of its own

usage: nodeplane bench [${NAMES.join('|')}] [options]

${summaries}${options}`;
}
