import { parseArgs } from 'node:util';
import { BACKENDS } from '../../bench/common/backends.ts';
import { MAX_SERVICES } from '../../bench/common/manifests.ts';
import { isFloorBuilt } from '../../bench/update/floor-process.ts';
import { TABLE_LEGEND, tableHead, tableRow } from '../../bench/update/table.ts';
import { benchUpdate, type UpdateListener, type UpdateOptions } from '../../bench/update/update.ts';
import { UsageError } from '../run-options.ts';
import { checkAddresses, MAX_ENDPOINTS, wholeNumber } from './numbers.ts';
import { isRoot, NEEDS_ROOT, refuse } from './obstacles.ts';
import { clearProgress, printMachine, progressLine } from './output.ts';

export const UPDATE_HELP = {
  summary: 'latency of rule updates by number of services, beside the same kernel operation from a C program',
  options: `
  --services N[,N...]  numbers of services to measure with (default: 100,1000,10000,30000)
  --endpoints N        endpoints of each service (default: 10)
  --changes N          single changes of each kind to measure (default: 2000)
  --backend NAME       nftables, ebpf, or memory: no kernel, needs no root (default: nftables)
  --json               print one JSON object instead of a table
`,
};

/** `nodeplane bench update`; resolves to the exit code. */
export async function runUpdate(args: readonly string[]): Promise<number> {
  const { json, ...options } = parseUpdateOptions(args);
  const obstacle = obstacleTo(options);
  if (obstacle !== undefined) return refuse(obstacle);
  await (json ? printJson : printTable)(options);
  return 0;
}

/** Reads the flags of `nodeplane bench update`. Throws {@link UsageError} naming the flag at fault. */
export function parseUpdateOptions(args: readonly string[]): UpdateOptions & { readonly json: boolean } {
  const { values } = parseArgs({
    args: [...args],
    options: {
      services: { type: 'string', default: '100,1000,10000,30000' },
      endpoints: { type: 'string', default: '10' },
      changes: { type: 'string', default: '2000' },
      backend: { type: 'string', default: 'nftables' },
      json: { type: 'boolean', default: false },
    },
  });
  const services = values.services.split(',').map((text) => wholeNumber('--services', text, MAX_SERVICES));
  const endpoints = wholeNumber('--endpoints', values.endpoints, MAX_ENDPOINTS);
  checkAddresses(Math.max(...services) * endpoints);
  const backend = BACKENDS.find((name) => name === values.backend);
  if (backend === undefined) {
    throw new UsageError(`--backend: "${values.backend}" is none of ${BACKENDS.join(', ')}`);
  }
  const changes = wholeNumber('--changes', values.changes, 1_000_000);
  return { backend, services, endpoints, changes, json: values.json };
}

/** What keeps the benchmark from running here, or undefined. */
function obstacleTo({ backend }: UpdateOptions): string | undefined {
  if (backend === 'memory') return undefined;
  if (!isRoot()) return NEEDS_ROOT;
  if (backend === 'nftables' && !isFloorBuilt())
    return 'build/native/Release/update-floor is not there: run "npm run build"';
  return undefined;
}

async function printJson(options: UpdateOptions): Promise<void> {
  const report = await benchUpdate(options, { onProgress: progressLine(), onResult: clearProgress });
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

async function printTable(options: UpdateOptions): Promise<void> {
  const listener: UpdateListener = {
    onProgress: progressLine(),
    onResult(result) {
      clearProgress();
      process.stdout.write(`${tableRow(result)}\n`);
    },
  };
  process.stdout.write(`${options.backend}, ${options.endpoints} endpoints a service\n\n${tableHead()}\n`);
  const { machine } = await benchUpdate(options, listener);
  process.stdout.write(TABLE_LEGEND);
  printMachine(machine);
}
