import path from 'node:path';
import { parseArgs } from 'node:util';
import { type BlackboxOptions, benchBlackbox } from '../../bench/blackbox/blackbox.ts';
import { type DaemonCommand, NODEPLANE } from '../../bench/blackbox/daemon-command.ts';
import { blackboxSections } from '../../bench/blackbox/sections.ts';
import { TABLE_LEGEND, tableHead, tableRow } from '../../bench/blackbox/table.ts';
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
  summary:
    'any service proxy daemon from outside: start to ready, change to the first packet answered, CPU and memory',
  options: `
  --daemon NAME=COMMAND  a daemon to measure, for a shell; may be given again. {kubeconfig}, {node} and {cluster-cidr} stand
                         for its kubeconfig, its node's name and the pods' range; KUBECONFIG and NODE_NAME are set too.
                         --daemon nodeplane is nodeplane itself (default)
  --services N[,N...]    numbers of services to measure with (default: 100,1000,10000)
  --endpoints N          endpoints of each service, but one of the 16 that are probed (default: 10)
  --changes N            changes to measure of each daemon (default: 300)
  --starts N             how often each daemon is started, in turns (default: 3)
  --pause MS             mean pause before a change, at random; a daemon that collects changes for a while is measured change
                         by change only with a longer one (default: 20)
  --timeout SECONDS      how long to wait for a daemon that does not answer (default: 60)
  --kubeconfig FILE      an API server to use instead of the embedded one: of a cluster for tests, which gets a Node and a
                         namespace nodeplane-bench until the benchmark ends
${COMMON_HELP}`,
};

/** The embedded API server gives out cluster IPs of a /16. */
const MAX_SERVED = 60_000;

const MOST = { changes: 1_000_000, starts: 1000, pause: 60_000, timeout: 3600 } as const;

/** Reads the flags of `nodeplane bench blackbox`. Throws {@link UsageError} naming the flag at fault. */
export function parseBlackboxOptions(args: readonly string[]): BlackboxOptions & CommonOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      daemon: { type: 'string', multiple: true, default: [NODEPLANE.name] },
      services: { type: 'string', default: '100,1000,10000' },
      endpoints: { type: 'string', default: '10' },
      changes: { type: 'string', default: '300' },
      starts: { type: 'string', default: '3' },
      pause: { type: 'string', default: '20' },
      timeout: { type: 'string', default: '60' },
      kubeconfig: { type: 'string' },
      ...COMMON_FLAGS,
    },
  });
  const services = values.services.split(',').map((text) => wholeNumber('--services', text, MAX_SERVED));
  const endpoints = wholeNumber('--endpoints', values.endpoints, MAX_ENDPOINTS);
  checkAddresses(Math.max(...services) * endpoints);
  return {
    daemons: parseDaemons(values.daemon),
    services,
    endpoints,
    changes: wholeNumber('--changes', values.changes, MOST.changes),
    starts: wholeNumber('--starts', values.starts, MOST.starts),
    pauseMs: wholeNumber('--pause', values.pause, MOST.pause),
    timeoutMs: wholeNumber('--timeout', values.timeout, MOST.timeout) * 1000,
    kubeconfig: values.kubeconfig === undefined ? undefined : path.resolve(values.kubeconfig),
    json: values.json,
    report: values.report,
  };
}

function parseDaemons(texts: readonly string[]): DaemonCommand[] {
  const daemons = texts.map(parseDaemon);
  const names = daemons.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new UsageError(`--daemon: "${twice}" is there twice`);
  return daemons;
}

function parseDaemon(text: string): DaemonCommand {
  if (text === NODEPLANE.name) return NODEPLANE;
  const [, name, command] = /^([^=\s]+)=(.*\S.*)$/s.exec(text) ?? [];
  if (name !== undefined && command !== undefined) return { name, command };
  throw new UsageError(`--daemon: "${text}" is neither NAME=COMMAND nor ${NODEPLANE.name}`);
}

async function measure(options: BlackboxOptions, { progress, print }: Output): Promise<Measured> {
  print(`${tableHead()}\n`);
  const report = await benchBlackbox(options, {
    onProgress: progress,
    onResult: (result) => print(`${tableRow(result)}\n`),
  });
  print(TABLE_LEGEND + noiseText(report.noise));
  return {
    report,
    sections: (command) => blackboxSections(report, command),
    hasFailures: report.results.some(({ failure }) => failure !== null),
  };
}

/** `nodeplane bench blackbox` */
export const BLACKBOX: Benchmark<BlackboxOptions & CommonOptions> = {
  help: HELP,
  parse: parseBlackboxOptions,
  obstacleTo: () => (isRoot() ? undefined : NEEDS_ROOT),
  measure,
};
