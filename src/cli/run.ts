import { setTimeout as delay } from 'node:timers/promises';
import { type Logger, pino } from 'pino';
import { KERNEL_BACKENDS, openKernelBackend } from '../backends/kernel-backend.ts';
import { supportedFamilies } from '../host/families.ts';
import { ServiceProxy } from '../service-proxy.ts';
import { prepareKernel, removeMode } from './kernel.ts';
import { logObservers } from './log-observer.ts';
import { openSource } from './open-source.ts';
import { parseRunOptions, type RunOptions } from './run-options.ts';

const HARD_STOP_MS = 2000;

/** What mode ebpf does not do yet: whoever chooses it is told. */
const NOT_YET = [
  'endpoints are picked at random: no maglev',
  'maps do not grow: a table beyond their size is refused, and said so',
  'no XDP',
];

/** `nodeplane run`: follows a source until a signal ends it. What is programmed stays in force (START-05). */
export async function run(args: readonly string[]): Promise<number> {
  const options = parseRunOptions(args);
  const log = pino({ level: options.verbosity >= 2 ? 'debug' : 'info' });
  const proxy = await openProxy(options, log);
  const source = await openSource(options, log, (events) => proxy.apply(events));
  const signal = untilSignal();
  // The first list may take for ever; a signal ends the waiting.
  const started = await Promise.race([source.start().then(() => true), signal.then(() => false)]);
  if (started) {
    await proxy.settled();
    const { config, source: from } = options;
    log.info({ node: config.hostname, backend: config.mode, source: from }, 'ready');
    await removeOtherModes(options, log);
  }
  log.info({ signal: await signal }, 'stopping; rules stay in force');
  source.close();
  await Promise.race([proxy.settled(), delay(HARD_STOP_MS, undefined, { ref: false })]);
  await proxy.close();
  return 0;
}

async function openProxy({ config, namespace }: RunOptions, log: Logger): Promise<ServiceProxy> {
  const { mode, bpfCgroup } = config;
  const kernel = await prepareKernel(mode, { namespace, cgroup: bpfCgroup });
  if (mode === 'ebpf') log.warn({ notYet: NOT_YET, ...kernel }, 'mode ebpf is not complete');
  return new ServiceProxy({
    config,
    namespace,
    openBackend: (family) => openKernelBackend(mode, family, kernel),
    ...logObservers(log),
  });
}

/** Only now: until this mode had everything in place, what another mode left behind was in force (CLEAN-01). */
async function removeOtherModes({ config, namespace }: RunOptions, log: Logger): Promise<void> {
  for (const mode of KERNEL_BACKENDS.filter((name) => name !== config.mode)) {
    for (const family of supportedFamilies()) {
      await removeMode(mode, family, namespace).then(
        () => log.debug({ mode, family }, 'nothing of another mode is left'),
        (error: unknown) => log.error({ err: error, mode, family }, 'cannot remove what another mode left'),
      );
    }
  }
}

function untilSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(signal));
  });
}
