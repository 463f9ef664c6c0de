import { parseArgs } from 'node:util';
import { BACKENDS, type BackendName } from '../../bench/common/backends.ts';
import { MAX_SERVICES } from '../../bench/common/manifests.ts';
import { MAX_ENDPOINTS_IN_ALL } from '../../bench/path/addresses.ts';
import { missingProgram } from '../../bench/path/line-program.ts';
import { BLOCK_SAMPLES, MEASURES } from '../../bench/path/measures.ts';
import { ORIGINS } from '../../bench/path/network.ts';
import { benchPath, type PathOptions } from '../../bench/path/path.ts';
import { pathSections } from '../../bench/path/sections.ts';
import { PATH_LEGEND, pathTable } from '../../bench/path/table.ts';
import { UsageError } from '../run-options.ts';
import {
  type Benchmark,
  COMMON_FLAGS,
  COMMON_HELP,
  type CommonOptions,
  type Measured,
  type Output,
} from './benchmark.ts';
import { MAX_ENDPOINTS, wholeNumber } from './numbers.ts';
import { isRoot, NEEDS_ROOT } from './obstacles.ts';
import { noiseText } from './output.ts';

/** Those that forward packets. */
const FORWARDING = BACKENDS.filter((name) => name !== 'memory');

const HELP = {
  summary: 'the forwarding path through a Service, beside the direct path to the pod',
  options: `
  --services N[,N...]  numbers of services to measure with (default: 1,1000,30000)
  --endpoints N        endpoints of each service (default: 3)
  --backend NAME[,...] what programs the kernel, side by side: ${FORWARDING.join(', ')} (default: nftables)
  --only NAME[,...]    measures: ${MEASURES.join(', ')} (default: all)
  --from NAME[,...]    where clients are: ${ORIGINS.join(', ')} (default: all)
  --samples N          latencies to measure of each path; for each ${BLOCK_SAMPLES}, a rate is measured once (default: 5000)
${COMMON_HELP}`,
};

/** Reads the flags of `nodeplane bench path`. Throws {@link UsageError} naming the flag at fault. */
export function parsePathOptions(args: readonly string[]): PathOptions & CommonOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      services: { type: 'string', default: '1,1000,30000' },
      endpoints: { type: 'string', default: '3' },
      backend: { type: 'string', default: 'nftables' },
      only: { type: 'string', default: MEASURES.join(',') },
      from: { type: 'string', default: ORIGINS.join(',') },
      samples: { type: 'string', default: '5000' },
      ...COMMON_FLAGS,
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
    report: values.report,
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

function obstacle(): string | undefined {
  if (!isRoot()) return NEEDS_ROOT;
  const missing = missingProgram();
  return missing && `${missing} is not there: run "npm run build"`;
}

async function measure(options: PathOptions, { progress, print }: Output): Promise<Measured> {
  const report = await benchPath(options, {
    onProgress: progress,
    onResults: (results) => print(pathTable(results)),
  });
  print(PATH_LEGEND + noiseText(report.noise));
  return { report, sections: (command) => pathSections(report, command) };
}

/** `nodeplane bench path` */
export const PATH: Benchmark<PathOptions & CommonOptions> = {
  help: HELP,
  parse: parsePathOptions,
  obstacleTo: obstacle,
  measure,
};
