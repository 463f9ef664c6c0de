/** The process that is measured: a daemon as users run it. Talks with child.ts. */

import { serve } from '../../process/serve.ts';
import type { MemoryUse } from '../common/memory-use.ts';
import { Daemon } from './daemon.ts';
import type { DaemonCommands } from './messages.ts';

const baseline = process.memoryUsage.rss();

const failure = Promise.withResolvers<never>();

let daemon: Daemon | undefined;

function started(): Daemon {
  if (daemon === undefined) throw new Error('start first');
  return daemon;
}

function memory(): MemoryUse {
  const rss = process.memoryUsage.rss();
  const peak = process.resourceUsage().maxRSS * 1024;
  globalThis.gc?.();
  return {
    baseline_mb: baseline / 1e6,
    rss_mb: rss / 1e6,
    after_gc_mb: process.memoryUsage.rss() / 1e6,
    peak_mb: peak / 1e6,
  };
}

serve<DaemonCommands>(
  {
    start: (request) => {
      daemon = new Daemon(request, failure.reject);
      return daemon.start();
    },
    arm: () => {
      started().arm();
      return null;
    },
    committed: ({ count }) => started().log.wait(count),
    verify: async () => {
      await started().verify();
      return null;
    },
    memory,
  },
  failure.promise,
);
