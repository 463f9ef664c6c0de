import { parseArgs } from 'node:util';
import { BACKENDS } from '../bench/backends.ts';
import { isFloorBuilt } from '../bench/floor-process.ts';
import { MAX_ADDRESSES, MAX_SERVICES } from '../bench/manifests.ts';
import { TABLE_LEGEND, tableHead, tableRow } from '../bench/table.ts';
import { benchUpdate, type UpdateListener, type UpdateOptions } from '../bench/update.ts';
import { UsageError } from './run-options.ts';

const USAGE = `nodeplane bench: measures nodeplane on this machine, in network namespaces of its own

usage: nodeplane bench [update] [options]

update: latency of rule updates by number of services, beside the same kernel operation from a C program

options of update
  --services N[,N...]  numbers of services to measure with (default: 100,1000,10000,30000)
  --endpoints N        endpoints of each service (default: 10)
  --changes N          single changes of each kind to measure (default: 2000)
  --backend NAME       nftables, or memory: no kernel, needs no root (default: nftables)
  --json               print one JSON object instead of a table
`;

/** A slice holds no more; one more is added while measuring. */
const MAX_ENDPOINTS = 999;

/** Addresses that are left for changes, so that none comes back while somebody has it. */
const SPARE_ADDRESSES = 2 ** 22;

/** `nodeplane bench`: `update` is the only benchmark so far, and what runs when none is named. */
export async function bench(args: readonly string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(USAGE);
    return 0;
  }
  const isNamed = args[0] !== undefined && !args[0].startsWith('-');
  if (isNamed && args[0] !== 'update')
    throw new UsageError(`bench: "${args[0]}" is not a benchmark; update is`);
  const { json, ...options } = parseUpdateOptions(isNamed ? args.slice(1) : args);
  const obstacle = obstacleTo(options);
  if (obstacle !== undefined) {
    process.stderr.write(`nodeplane bench: ${obstacle}\n`);
    return 1;
  }
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
  if (Math.max(...services) * endpoints > MAX_ADDRESSES - SPARE_ADDRESSES) {
    throw new UsageError(
      `--services: more than ${MAX_ADDRESSES - SPARE_ADDRESSES} endpoints in all are too many`,
    );
  }
  const backend = BACKENDS.find((name) => name === values.backend);
  if (backend === undefined) {
    throw new UsageError(`--backend: "${values.backend}" is none of ${BACKENDS.join(', ')}`);
  }
  const changes = wholeNumber('--changes', values.changes, 1_000_000);
  return { backend, services, endpoints, changes, json: values.json };
}

function wholeNumber(flag: string, text: string, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= most) return value;
  throw new UsageError(`${flag}: "${text}" is not a whole number from 1 to ${most}`);
}

/** What keeps the benchmark from running here, or undefined. */
function obstacleTo({ backend }: UpdateOptions): string | undefined {
  if (backend === 'memory') return undefined;
  if (process.getuid?.() !== 0) return 'it makes network namespaces, so it must run as root: use sudo';
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
  process.stdout.write(
    `\n${machine.cpu}, ${machine.cores} cores, Linux ${machine.kernel}, Node ${machine.node}\n`,
  );
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
