import { parseArgs } from 'node:util';
import { BACKENDS, type BackendName } from '../../bench/common/backends.ts';
import { MAX_SERVICES } from '../../bench/common/manifests.ts';
import { isFloorBuilt } from '../../bench/update/floor-process.ts';
import { updateSections } from '../../bench/update/sections.ts';
import { loadTable, TABLE_LEGEND, tableHead, tableRow } from '../../bench/update/table.ts';
import { benchUpdate, type UpdateOptions } from '../../bench/update/update.ts';
import { UsageError } from '../run-options.ts';
import {
  type Benchmark,
  COMMON_FLAGS,
  COMMON_HELP,
  type CommonOptions,
  type Measured,
  type Output,
} from './benchmark.ts';
import { checkAddresses, MAX_ENDPOINTS, wholeNumber } from './numbers.ts';
import { isRoot, NEEDS_ROOT } from './obstacles.ts';
import { noiseText } from './output.ts';

const HELP = {
  summary: 'latency of rule updates by number of services, beside the same kernel operation from a C program',
  options: `
  --services N[,N...]  numbers of services to measure with (default: 100,1000,10000,30000)
  --endpoints N        endpoints of each service (default: 10)
  --changes N          single changes of each kind to measure (default: 2000)
  --backend NAME[,...] nftables, ebpf, or memory: no kernel, needs no root (default: nftables)
  --rate N             changes a second of mixed churn (default: 2000)
  --seconds N          how long the churn lasts; 0: none, and no search for the highest rate (default: 5)
${COMMON_HELP}`,
};

/** Reads the flags of `nodeplane bench update`. Throws {@link UsageError} naming the flag at fault. */
export function parseUpdateOptions(args: readonly string[]): UpdateOptions & CommonOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      services: { type: 'string', default: '100,1000,10000,30000' },
      endpoints: { type: 'string', default: '10' },
      changes: { type: 'string', default: '2000' },
      backend: { type: 'string', default: 'nftables' },
      rate: { type: 'string', default: '2000' },
      seconds: { type: 'string', default: '5' },
      ...COMMON_FLAGS,
    },
  });
  const services = values.services.split(',').map((text) => wholeNumber('--services', text, MAX_SERVICES));
  const endpoints = wholeNumber('--endpoints', values.endpoints, MAX_ENDPOINTS);
  checkAddresses(Math.max(...services) * endpoints);
  const changes = wholeNumber('--changes', values.changes, 1_000_000);
  const rate = wholeNumber('--rate', values.rate, 100_000);
  const seconds = values.seconds === '0' ? 0 : wholeNumber('--seconds', values.seconds, 3600);
  const backends = values.backend.split(',').map(backendNamed);
  const { json, report } = values;
  return { backends, services, endpoints, changes, churn: { rate, seconds }, json, report };
}

function backendNamed(name: string): BackendName {
  const backend = BACKENDS.find((it) => it === name);
  if (backend === undefined) throw new UsageError(`--backend: "${name}" is none of ${BACKENDS.join(', ')}`);
  return backend;
}

function obstacleTo({ backends }: UpdateOptions): string | undefined {
  if (backends.every((backend) => backend === 'memory')) return undefined;
  if (!isRoot()) return NEEDS_ROOT;
  if (backends.includes('nftables') && !isFloorBuilt())
    return 'build/native/Release/update-floor is not there: run "npm run build"';
  return undefined;
}

async function measure(options: UpdateOptions, { progress, print }: Output): Promise<Measured> {
  print(`${options.endpoints} endpoints a service\n\n${tableHead()}\n`);
  const report = await benchUpdate(options, {
    onProgress: progress,
    onResult: (result) => print(`${tableRow(result)}\n`),
  });
  print(`\n${loadTable(report.results)}${TABLE_LEGEND}${noiseText(report.noise)}`);
  return { report, sections: (command) => updateSections(report, command) };
}

/** `nodeplane bench update` */
export const UPDATE: Benchmark<UpdateOptions & CommonOptions> = {
  help: HELP,
  parse: parseUpdateOptions,
  obstacleTo,
  measure,
};
