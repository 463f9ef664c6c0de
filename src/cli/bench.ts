import { parseArgs } from 'node:util';
import { BACKENDS } from '../bench/backends.ts';
import { isFloorBuilt } from '../bench/floor-process.ts';
import type { Machine } from '../bench/machine.ts';
import { MAX_ADDRESSES, MAX_SERVICES } from '../bench/manifests.ts';
import { benchSource, type SourceOptions } from '../bench/source/source.ts';
import { sourceTables } from '../bench/source/table.ts';
import { TABLE_LEGEND, tableHead, tableRow } from '../bench/table.ts';
import { benchUpdate, type UpdateListener, type UpdateOptions } from '../bench/update.ts';
import { UsageError } from './run-options.ts';

const USAGE = `nodeplane bench: measures nodeplane on this machine, in network namespaces of its own

usage: nodeplane bench [update|source] [options]

update: latency of rule updates by number of services, beside the same kernel operation from a C program
source: from an API server to the kernel: decoding, start to synced, and changes of a watch

options of update
  --services N[,N...]  numbers of services to measure with (default: 100,1000,10000,30000)
  --endpoints N        endpoints of each service (default: 10)
  --changes N          single changes of each kind to measure (default: 2000)
  --backend NAME       nftables, or memory: no kernel, needs no root (default: nftables)
  --json               print one JSON object instead of a table

options of source
  --services N         services in the embedded API server (default: 10000)
  --endpoints N        endpoints of each service (default: 10)
  --changes N          single changes to measure (default: 2000)
  --json               print one JSON object instead of tables
`;

/** A slice holds no more; one more is added while measuring. */
const MAX_ENDPOINTS = 999;

/** Addresses that are left for changes, so that none comes back while somebody has it. */
const SPARE_ADDRESSES = 2 ** 22;

/** The embedded API server gives out cluster IPs of a /16. */
const MAX_SERVED = 60_000;

type Benchmark = (args: readonly string[]) => Promise<number>;

const BENCHMARKS: Readonly<Record<string, Benchmark>> = { update: runUpdate, source: runSource };

/** `nodeplane bench`: runs `update` when no benchmark is named. */
export async function bench(args: readonly string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(USAGE);
    return 0;
  }
  const [first = ''] = args;
  if (first === '' || first.startsWith('-')) return runUpdate(args);
  const run = Object.hasOwn(BENCHMARKS, first) ? BENCHMARKS[first] : undefined;
  if (run === undefined) {
    throw new UsageError(
      `bench: "${first}" is not a benchmark; ${Object.keys(BENCHMARKS).join(' and ')} are`,
    );
  }
  return run(args.slice(1));
}

async function runUpdate(args: readonly string[]): Promise<number> {
  const { json, ...options } = parseUpdateOptions(args);
  const obstacle = obstacleTo(options);
  if (obstacle !== undefined) return refuse(obstacle);
  await (json ? printJson : printTable)(options);
  return 0;
}

async function runSource(args: readonly string[]): Promise<number> {
  const { json, ...options } = parseSourceOptions(args);
  if (!isRoot()) return refuse(NEEDS_ROOT);
  const report = await benchSource(options, progressLine());
  clearProgress();
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : sourceTables(report));
  if (!json) printMachine(report.machine);
  return 0;
}

function refuse(obstacle: string): number {
  process.stderr.write(`nodeplane bench: ${obstacle}\n`);
  return 1;
}

/** Reads the flags of `nodeplane bench source`. Throws {@link UsageError} naming the flag at fault. */
export function parseSourceOptions(args: readonly string[]): SourceOptions & { readonly json: boolean } {
  const { values } = parseArgs({
    args: [...args],
    options: {
      services: { type: 'string', default: '10000' },
      endpoints: { type: 'string', default: '10' },
      changes: { type: 'string', default: '2000' },
      json: { type: 'boolean', default: false },
    },
  });
  const services = wholeNumber('--services', values.services, MAX_SERVED);
  const endpoints = wholeNumber('--endpoints', values.endpoints, MAX_ENDPOINTS);
  checkAddresses(services * endpoints);
  const changes = wholeNumber('--changes', values.changes, 1_000_000);
  return { services, endpoints, changes, json: values.json };
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

function checkAddresses(endpointsInAll: number): void {
  const most = MAX_ADDRESSES - SPARE_ADDRESSES;
  if (endpointsInAll > most) {
    throw new UsageError(`--services: more than ${most} endpoints in all are too many`);
  }
}

function wholeNumber(flag: string, text: string, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= most) return value;
  throw new UsageError(`${flag}: "${text}" is not a whole number from 1 to ${most}`);
}

const NEEDS_ROOT = 'it makes network namespaces, so it must run as root: use sudo';

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** What keeps the benchmark from running here, or undefined. */
function obstacleTo({ backend }: UpdateOptions): string | undefined {
  if (backend === 'memory') return undefined;
  if (!isRoot()) return NEEDS_ROOT;
  if (!isFloorBuilt()) return 'build/native/Release/update-floor is not there: run "npm run build"';
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

function printMachine({ cpu, cores, kernel, node }: Machine): void {
  process.stdout.write(`\n${cpu}, ${cores} cores, Linux ${kernel}, Node ${node}\n`);
}

/** One line that is written over on a terminal; in a log, a line for each stage but not for each step of it. */
function progressLine(): (text: string) => void {
  if (process.stderr.isTTY) return (text) => process.stderr.write(`\r\x1b[K${text}`);
  let last = '';
  return (text) => {
    const stage = text.replace(/ \d+\/\d+$/, '');
    if (stage !== last) process.stderr.write(`${stage}\n`);
    last = stage;
  };
}

function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
}
