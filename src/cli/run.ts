import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { openKernelBackend } from '../backends/kernel-backend.ts';
import { ServiceProxy } from '../service-proxy.ts';
import { logObservers } from './log-observer.ts';
import { openSource } from './open-source.ts';
import { parseRunOptions } from './run-options.ts';

const HARD_STOP_MS = 2000;

/** `nodeplane run`: follows a source until a signal ends it. What is programmed stays in force (START-05). */
export async function run(args: readonly string[]): Promise<number> {
  const options = parseRunOptions(args);
  const log = pino({ level: options.verbosity >= 2 ? 'debug' : 'info' });
  const { namespace, config } = options;
  const proxy = new ServiceProxy({
    config,
    namespace,
    openBackend: (family) => openKernelBackend(config.mode, family, { namespace, cgroup: config.bpfCgroup }),
    ...logObservers(log),
  });
  const source = await openSource(options, log, (events) => proxy.apply(events));
  const signal = untilSignal();
  // The first list may take for ever; a signal ends the waiting.
  const started = await Promise.race([source.start().then(() => true), signal.then(() => false)]);
  if (started) {
    await proxy.settled();
    log.info({ node: config.hostname, backend: config.mode, source: options.source }, 'ready');
  }
  log.info({ signal: await signal }, 'stopping; rules stay in force');
  source.close();
  await Promise.race([proxy.settled(), delay(HARD_STOP_MS, undefined, { ref: false })]);
  await proxy.close();
  return 0;
}

function untilSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(signal));
  });
}
