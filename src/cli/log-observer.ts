import type { Logger } from 'pino';
import type { ServiceProxyOptions } from '../service-proxy.ts';

type Observers = Omit<ServiceProxyOptions, 'config' | 'namespace' | 'openBackend'>;

/** Tells the log what the proxy does: the first sync of a family and all trouble always, the others at debug level. */
export function logObservers(log: Logger): Observers {
  return {
    observer: syncObserver(log),
    onConflict: ({ frontend, owners }) =>
      log.warn(
        { frontend, owners: owners.toSorted() },
        'two services claim one frontend; the first is served',
      ),
    onNodePortWarning: (warning) => log.warn(warning),
    onAddressFailure: (error) => log.error({ err: error }, 'cannot follow the addresses of this node'),
    conntrack: {
      cleaned: ({ family, seen, deleted, microseconds }) =>
        log.debug({ family, seen, deleted, microseconds: Math.round(microseconds) }, 'connections cleaned'),
      failed: ({ family, error }) => log.error({ family, err: error }, 'cleanup of connections failed'),
    },
    healthChecks: {
      failed: ({ family, service, address, port, error }) =>
        log.error({ family, service, address, port, err: error }, 'health check is not served'),
    },
  };
}

function syncObserver(log: Logger): Observers['observer'] {
  const seen = new Set<string>();
  return {
    synced({ family, delta, microseconds }) {
      const level = seen.has(family) ? 'debug' : 'info';
      seen.add(family);
      const frontends = delta.frontends.length;
      const slotSets = delta.slotSets.length;
      log[level]({ family, frontends, slotSets, microseconds: Math.round(microseconds) }, 'synced');
    },
    refused({ family, entry, error }) {
      log.error({ family, entry, err: error }, 'refused; it stays as it was');
    },
    failed({ family, error, retryAfter }) {
      log.error({ family, err: error, retryAfter }, 'sync failed');
    },
  };
}
