import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { KERNEL_BACKENDS } from '../backends/kernel-backend.ts';
import { type ConformanceOptions, runConformance } from '../conformance/conformance.ts';
import { failureLine, summaryLine } from '../conformance/report.ts';
import { UsageError } from './run-options.ts';

const USAGE = `nodeplane conformance: puts this kernel and nodeplane to the test with real packets, in network namespaces of its own

usage: nodeplane conformance --vectors DIR [options]

  --vectors DIR    folder of conformance vectors (.json files)
  --backend NAME   ${KERNEL_BACKENDS.join(', ')} (default: ${KERNEL_BACKENDS[0]})
  --only REGEX     only the vectors whose id matches
  --jobs N         vectors worked on at the same time (default: one for each CPU)
  --json           print one JSON object instead of lines

Prints a line for each failure, then "N passed, N failed, N skipped". Exit code 1 if anything failed.
`;

const MAX_JOBS = 64;

/** `nodeplane conformance` */
export async function conformance(args: readonly string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(USAGE);
    return 0;
  }
  const { json, ...options } = parseConformanceOptions(args);
  if (process.getuid?.() !== 0) {
    process.stderr.write(
      'nodeplane conformance: it makes network namespaces, so it must run as root: use sudo\n',
    );
    return 1;
  }
  const report = await runConformance({ ...options, onProgress: showProgress });
  clearProgress();
  const lines = json ? [JSON.stringify(report)] : [...report.failures.map(failureLine), summaryLine(report)];
  process.stdout.write(`${lines.join('\n')}\n`);
  return report.failed === 0 ? 0 : 1;
}

/** Reads the flags. Throws {@link UsageError} naming the flag at fault. */
export function parseConformanceOptions(
  args: readonly string[],
): Omit<ConformanceOptions, 'onProgress'> & { readonly json: boolean } {
  const { values } = parseArgs({
    args: [...args],
    options: {
      backend: { type: 'string', default: KERNEL_BACKENDS[0] },
      vectors: { type: 'string' },
      only: { type: 'string' },
      jobs: { type: 'string', default: String(availableParallelism()) },
      json: { type: 'boolean', default: false },
    },
  });
  const backend = KERNEL_BACKENDS.find((name) => name === values.backend);
  if (backend === undefined) {
    throw new UsageError(`--backend: "${values.backend}" is none of ${KERNEL_BACKENDS.join(', ')}`);
  }
  if (values.vectors === undefined) throw new UsageError('--vectors: which folder?');
  return {
    backend,
    vectors: values.vectors,
    ...(values.only === undefined ? {} : { only: pattern(values.only) }),
    jobs: jobs(values.jobs),
    json: values.json,
  };
}

function pattern(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch {
    throw new UsageError(`--only: "${text}" is not a regular expression`);
  }
}

function jobs(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= MAX_JOBS) return value;
  throw new UsageError(`--jobs: "${text}" is not a whole number from 1 to ${MAX_JOBS}`);
}

function showProgress(done: number, of: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${done}/${of}`);
}

function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
}
