import path from 'node:path';
import { parseArgs } from 'node:util';
import { type BlackboxOptions, benchBlackbox } from '../../bench/blackbox/blackbox.ts';
import { type DaemonCommand, NODEPLANE } from '../../bench/blackbox/daemon-command.ts';
import { blackboxSections } from '../../bench/blackbox/sections.ts';
import { TABLE_LEGEND, tableHead, tableRow } from '../../bench/blackbox/table.ts';
import { UsageError } from '../run-options.ts';
import { checkAddresses, MAX_ENDPOINTS, wholeNumber } from './numbers.ts';
import { isRoot, NEEDS_ROOT, refuse } from './obstacles.ts';
import { clearProgress, printMachine, progressLine } from './output.ts';
import { commandLine, saveReport } from './report.ts';

export const BLACKBOX_HELP = {
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
  --json                 print one JSON object instead of a table
  --report DIR           write DIR/index.html
`,
};

/** The embedded API server gives out cluster IPs of a /16. */
const MAX_SERVED = 60_000;

const MOST = { changes: 1_000_000, starts: 1000, pause: 60_000, timeout: 3600 } as const;

export interface BlackboxCommand extends BlackboxOptions {
  readonly json: boolean;
  readonly report: string | undefined;
}

/** `nodeplane bench blackbox`; resolves to the exit code. */
export async function runBlackbox(args: readonly string[]): Promise<number> {
  const { json, report: directory, ...options } = parseBlackboxOptions(args);
  if (!isRoot()) return refuse(NEEDS_ROOT);
  const startedAt = new Date();
  if (!json) process.stdout.write(`${tableHead()}\n`);
  const report = await benchBlackbox(options, {
    onProgress: progressLine(),
    onResult: (result) => {
      clearProgress();
      if (!json) process.stdout.write(`${tableRow(result)}\n`);
    },
  });
  clearProgress();
  if (json) {
    process.stdout.write(`${JSON.stringify(report)}\n`);
  } else {
    process.stdout.write(TABLE_LEGEND);
    printMachine(report.machine);
  }
  const sections = blackboxSections(report, commandLine('blackbox', args));
  await saveReport(directory, { title: 'nodeplane bench blackbox', startedAt, sections });
  return report.results.some((it) => it.failure !== null) ? 1 : 0;
}

/** Reads the flags of `nodeplane bench blackbox`. Throws {@link UsageError} naming the flag at fault. */
export function parseBlackboxOptions(args: readonly string[]): BlackboxCommand {
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
      json: { type: 'boolean', default: false },
      report: { type: 'string' },
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
