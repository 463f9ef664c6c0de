import type { Progress } from '../../bench/common/progress.ts';
import type { Section } from '../../bench/report/section.ts';

/** One of the benchmarks of `nodeplane bench`: what the command line needs to know of it. */
export interface Benchmark<Options extends CommonOptions = CommonOptions> {
  readonly help: { readonly summary: string; readonly options: string };
  /** Reads its flags. Throws {@link UsageError} naming the flag at fault. */
  readonly parse: (args: readonly string[]) => Options;
  /** What keeps it from running here, or undefined. */
  readonly obstacleTo: (options: Options) => string | undefined;
  readonly measure: (options: Options, output: Output) => Promise<Measured>;
}

/** Of every benchmark. */
export interface CommonOptions {
  readonly json: boolean;
  /** The folder for the page. */
  readonly report: string | undefined;
}

/** For parseArgs. */
export const COMMON_FLAGS = {
  json: { type: 'boolean', default: false },
  report: { type: 'string' },
} as const;

export const COMMON_HELP = `  --json                 print one JSON object instead of tables
  --report DIR           write a page with plots to DIR/index.html
`;

/** Where a benchmark tells what it does and what it found, as soon as it did. */
export interface Output {
  readonly progress: Progress;
  /** Parts of tables, for people. */
  readonly print: (text: string) => void;
}

export interface Measured {
  /** What `--json` prints. */
  readonly report: object;
  /** What `--report` shows; `command` is one that measures this again. */
  readonly sections: (command: string) => readonly Section[];
  /** Something that was to be measured could not be. */
  readonly hasFailures?: boolean;
}
