import { parseArgs } from 'node:util';
import { BACKENDS, type BackendName } from '../../bench/common/backends.ts';
import { MAX_SERVICES } from '../../bench/common/manifests.ts';
import type { Noise } from '../../bench/common/noise.ts';
import { MAX_ENDPOINTS_IN_ALL } from '../../bench/path/addresses.ts';
import { missingProgram } from '../../bench/path/line-program.ts';
import { BLOCK_SAMPLES, MEASURES } from '../../bench/path/measures.ts';
import { ORIGINS } from '../../bench/path/network.ts';
import { benchPath, type PathListener, type PathOptions } from '../../bench/path/path.ts';
import { PATH_LEGEND, pathTable } from '../../bench/path/table.ts';
import { UsageError } from '../run-options.ts';
import { MAX_ENDPOINTS, wholeNumber } from './numbers.ts';
import { isRoot, NEEDS_ROOT, refuse } from './obstacles.ts';
import { clearProgress, printMachine, progressLine } from './output.ts';

export const PATH_HELP = {
  summary: 'the forwarding path through a Service, beside the direct path to the pod',
  options: `
  --services N[,N...]  numbers of services to measure with (default: 1,1000,30000)
  --endpoints N        endpoints of each service (default: 3)
  --backend NAME[,...] what programs the kernel: nftables (default: nftables)
  --only NAME[,...]    measures: ${MEASURES.join(', ')} (default: all)
  --from NAME[,...]    where clients are: ${ORIGINS.join(', ')} (default: all)
  --samples N          latencies to measure of each path; for each ${BLOCK_SAMPLES}, a rate is measured once (default: 5000)
  --json               print one JSON object instead of tables
`,
};

/** Those that forward packets. */
const FORWARDING = BACKENDS.filter((name) => name !== 'memory');

/** `nodeplane bench path`; resolves to the exit code. */
export async function runPath(args: readonly string[]): Promise<number> {
  const { json, ...options } = parsePathOptions(args);
  if (!isRoot()) return refuse(NEEDS_ROOT);
  const missing = missingProgram();
  if (missing !== undefined) return refuse(`${missing} is not there: run "npm run build"`);
  await (json ? printJson : printTables)(options);
  return 0;
}

/** Reads the flags of `nodeplane bench path`. Throws {@link UsageError} naming the flag at fault. */
export function parsePathOptions(args: readonly string[]): PathOptions & { readonly json: boolean } {
  const { values } = parseArgs({
    args: [...args],
    options: {
      services: { type: 'string', default: '1,1000,30000' },
      endpoints: { type: 'string', default: '3' },
      backend: { type: 'string', default: 'nftables' },
      only: { type: 'string', default: MEASURES.join(',') },
      from: { type: 'string', default: ORIGINS.join(',') },
      samples: { type: 'string', default: '5000' },
      json: { type: 'boolean', default: false },
    },
  });
  const services = values.services.split(',').map((text) => wholeNumber('--services', text, MAX_SERVICES));
  const endpoints = wholeNumber('--endpoints', values.endpoints, MAX_ENDPOINTS);
  if (Math.max(...services) * endpoints > MAX_ENDPOINTS_IN_ALL) {
    throw new UsageError(`--services: more than ${MAX_ENDPOINTS_IN_ALL} endpoints in all are too many`);
  }
  return {
    services,
    endpoints,
    backends: namesOf<BackendName>('--backend', values.backend, FORWARDING),
    measures: namesOf('--only', values.only, MEASURES),
    origins: namesOf('--from', values.from, ORIGINS),
    rounds: Math.ceil(wholeNumber('--samples', values.samples, 1_000_000) / BLOCK_SAMPLES),
    json: values.json,
  };
}

/** Reads a list of names, each of them once. */
function namesOf<Name extends string>(flag: string, list: string, names: readonly Name[]): Name[] {
  const found = list.split(',').map((text) => {
    const name = names.find((candidate) => candidate === text);
    if (name === undefined) throw new UsageError(`${flag}: "${text}" is none of ${names.join(', ')}`);
    return name;
  });
  return [...new Set(found)];
}

async function printJson(options: PathOptions): Promise<void> {
  const report = await benchPath(options, { onProgress: progressLine(), onResults: clearProgress });
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

async function printTables(options: PathOptions): Promise<void> {
  const listener: PathListener = {
    onProgress: progressLine(),
    onResults(results) {
      clearProgress();
      process.stdout.write(pathTable(results));
    },
  };
  const { machine, noise } = await benchPath(options, listener);
  process.stdout.write(PATH_LEGEND);
  printNoise(noise);
  printMachine(machine);
}

function printNoise({ reasons }: Noise): void {
  for (const reason of reasons)
    process.stdout.write(`\nThe machine was noisy, do not trust the figures: ${reason}\n`);
}
