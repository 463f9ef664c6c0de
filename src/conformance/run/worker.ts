/**
 * The process that is the node: it moves from one network namespace to the next, with everything that the daemon opens. Talks
 * with worker-process.ts.
 */
import { serve } from '../../process/serve.ts';
import { startProxyWith } from '../node/start-proxy.ts';
import { runCase } from './case.ts';
import { checksOf } from './check.ts';
import type { CaseOutcome, Commands } from './messages.ts';

serve<Commands>({
  run: async ({ vector, backend }): Promise<CaseOutcome> => {
    try {
      return { results: await runCase(vector, checksOf(vector, backend), startProxyWith(backend)) };
    } catch (error) {
      return { problem: error instanceof Error ? error.message : String(error) };
    }
  },
});
