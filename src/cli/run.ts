import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { NftablesBackend } from '../backends/nftables/nftables-backend.ts';
import { HostAddresses } from '../host/host-addresses.ts';
import { FAMILIES } from '../net/address.ts';
import { Pipeline } from '../pipeline.ts';
import { logObserver } from './log-observer.ts';
import { openSource } from './open-source.ts';
import { parseRunOptions } from './run-options.ts';

const HARD_STOP_MS = 2000;

/** `nodeplane run`: follows a source until a signal ends it. What is programmed stays in force (START-05). */
export async function run(args: readonly string[]): Promise<number> {
  const options = parseRunOptions(args);
  const log = pino({ level: options.verbosity >= 2 ? 'debug' : 'info' });
  const { namespace, config } = options;
  const backends = FAMILIES.map((family) => new NftablesBackend({ family, namespace }));
  const pipeline = new Pipeline({
    config,
    backends,
    observer: logObserver(log),
    onConflict: ({ frontend, owners }) =>
      log.warn(
        { frontend, owners: owners.toSorted() },
        'two services claim one frontend; the first is served',
      ),
    onNodePortWarning: (warning) => log.warn(warning),
  });
  const addresses = new HostAddresses({
    namespace,
    onChange: (all) => pipeline.hostAddresses(all),
    onFailure: (error) => log.error({ err: error }, 'cannot follow the addresses of this node'),
  });
  const source = await openSource(options, log, (events) => pipeline.apply(events));
  const signal = untilSignal();
  // The first list may take for ever; a signal ends the waiting.
  const started = await Promise.race([source.start().then(() => true), signal.then(() => false)]);
  if (started) {
    await pipeline.settled();
    log.info({ node: config.hostname, backend: 'nftables', source: options.source }, 'ready');
  }
  log.info({ signal: await signal }, 'stopping; rules stay in force');
  source.close();
  addresses.close();
  await Promise.race([pipeline.settled(), delay(HARD_STOP_MS, undefined, { ref: false })]);
  pipeline.close();
  for (const backend of backends) backend.close();
  return 0;
}

function untilSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(signal));
  });
}
