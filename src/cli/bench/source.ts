import { parseArgs } from 'node:util';
import { benchSource, type SourceOptions } from '../../bench/source/source.ts';
import { sourceTables } from '../../bench/source/table.ts';
import { checkAddresses, MAX_ENDPOINTS, wholeNumber } from './numbers.ts';
import { isRoot, NEEDS_ROOT, refuse } from './obstacles.ts';
import { clearProgress, printMachine, progressLine } from './output.ts';

export const SOURCE_HELP = {
  summary: 'from an API server to the kernel: decoding, start to synced, and changes of a watch',
  options: `
  --services N         services in the embedded API server (default: 10000)
  --endpoints N        endpoints of each service (default: 10)
  --changes N          single changes to measure (default: 2000)
  --json               print one JSON object instead of tables
`,
};

/** The embedded API server gives out cluster IPs of a /16. */
const MAX_SERVED = 60_000;

/** `nodeplane bench source`; resolves to the exit code. */
export async function runSource(args: readonly string[]): Promise<number> {
  const { json, ...options } = parseSourceOptions(args);
  if (!isRoot()) return refuse(NEEDS_ROOT);
  const report = await benchSource(options, progressLine());
  clearProgress();
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : sourceTables(report));
  if (!json) printMachine(report.machine);
  return 0;
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
