/** The process that is a node, and probes it. It does one thing at a time and nothing else. Talks with child.ts. */
import { constants, setPriority } from 'node:os';
import { serve } from '../../process/serve.ts';
import type { Answered, AwaitRequest, NodeCommands } from './messages.ts';
import { enterNode } from './node-network.ts';
import { changePause, probeUntil } from './probe-until.ts';
import { Prober, type Target } from './prober.ts';
import { becomeReady } from './readiness.ts';

// A probe that has to wait for the CPU tells late what has been true for a while; it takes some microseconds at a time.
setPriority(constants.priority.PRIORITY_HIGHEST);

const prober = new Prober(enterNode());

async function awaitEndpoint({ clusterIP, endpoint, timeoutMs }: AwaitRequest): Promise<Answered | null> {
  const target: Target = { clusterIP, isWanted: (it) => it === endpoint };
  return (await probeUntil(timeoutMs, changePause, () => prober.ask([target]).length > 0)) ?? null;
}

serve<NodeCommands>({
  open: () => ({ namespace: `/proc/${process.pid}/ns/net` }),
  becomeReady: (request) => becomeReady(prober, request),
  awaitEndpoint,
});
