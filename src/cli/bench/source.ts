import { parseArgs } from 'node:util';
import { sourceSections } from '../../bench/source/sections.ts';
import { benchSource, type SourceOptions } from '../../bench/source/source.ts';
import { sourceTables } from '../../bench/source/table.ts';
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
  summary: 'from an API server to the kernel: decoding, start to synced, and changes of a watch',
  options: `
  --services N         services in the embedded API server (default: 10000)
  --endpoints N        endpoints of each service (default: 10)
  --changes N          single changes to measure (default: 2000)
${COMMON_HELP}`,
};

/** The embedded API server gives out cluster IPs of a /16. */
const MAX_SERVED = 60_000;

/** Reads the flags of `nodeplane bench source`. Throws {@link UsageError} naming the flag at fault. */
export function parseSourceOptions(args: readonly string[]): SourceOptions & CommonOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      services: { type: 'string', default: '10000' },
      endpoints: { type: 'string', default: '10' },
      changes: { type: 'string', default: '2000' },
      ...COMMON_FLAGS,
    },
  });
  const services = wholeNumber('--services', values.services, MAX_SERVED);
  const endpoints = wholeNumber('--endpoints', values.endpoints, MAX_ENDPOINTS);
  checkAddresses(services * endpoints);
  const changes = wholeNumber('--changes', values.changes, 1_000_000);
  return { services, endpoints, changes, json: values.json, report: values.report };
}

async function measure(options: SourceOptions, { progress, print }: Output): Promise<Measured> {
  const report = await benchSource(options, progress);
  print(sourceTables(report) + noiseText(report.noise));
  return { report, sections: (command) => sourceSections(report, command) };
}

/** `nodeplane bench source` */
export const SOURCE: Benchmark<SourceOptions & CommonOptions> = {
  help: HELP,
  parse: parseSourceOptions,
  obstacleTo: () => (isRoot() ? undefined : NEEDS_ROOT),
  measure,
};
