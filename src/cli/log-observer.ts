import type { Logger } from 'pino';
import type { SyncObserver } from '../sync/family-sync.ts';

/** Tells the log what the syncs do: the first one of a family and all trouble always, the others at debug level. */
export function logObserver(log: Logger): SyncObserver {
  const seen = new Set<string>();
  return {
    synced({ family, delta, microseconds }) {
      const level = seen.has(family) ? 'debug' : 'info';
      seen.add(family);
      const frontends = delta.frontends.length;
      log[level]({ family, frontends, microseconds: Math.round(microseconds) }, 'synced');
    },
    refused({ family, entry, error }) {
      log.error({ family, entry, err: error }, 'refused; it stays as it was');
    },
    failed({ family, error, retryAfter }) {
      log.error({ family, err: error, retryAfter }, 'sync failed');
    },
  };
}
