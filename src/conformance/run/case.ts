import { enterNode, type NodeNetwork } from '../node/node-network.ts';
import type { StartProxy } from '../node/proxy.ts';
import { Exchange } from '../probe/exchange.ts';
import type { Vector } from '../vectors/vector.ts';
import type { Check, CheckResult, Failure } from './check.ts';
import { ConntrackEntries } from './conntrack.ts';
import { runFlow } from './flow.ts';
import { runHealthCheck } from './health-check.ts';
import type { RunningNode } from './running-node.ts';
import { runSequence } from './sequence.ts';

/**
 * Builds the node of a vector, starts its proxy and does checks. It moves the process into a namespace of its own for
 * that, so there is one at a time in a process.
 */
export async function runCase(
  vector: Vector,
  checks: readonly Check[],
  startProxy: StartProxy,
): Promise<CheckResult[]> {
  const network = enterNode(vector);
  try {
    return await runInside(network, vector, checks, startProxy);
  } finally {
    network.probe.close();
  }
}

async function runInside(
  network: NodeNetwork,
  vector: Vector,
  checks: readonly Check[],
  startProxy: StartProxy,
): Promise<CheckResult[]> {
  const entries = new ConntrackEntries(network.probe, vector.conntrack);
  const proxy = await startProxy(vector, entries.flows);
  try {
    const node = { exchange: new Exchange(network, proxy.translatesAtSockets), proxy };
    const results: CheckResult[] = [];
    for (const check of checks) {
      const failure = await attempt(() => runCheck(check, node, entries, vector));
      results.push({ kind: check.kind, name: check.name, ...(failure && { failure }) });
    }
    return results;
  } finally {
    await proxy.close();
  }
}

type Finding = Failure | undefined;

function runCheck(
  check: Check,
  node: RunningNode,
  entries: ConntrackEntries,
  vector: Vector,
): Finding | Promise<Finding> {
  switch (check.kind) {
    case 'conntrack':
      return entries.judge(check.entry, node.proxy);
    case 'flow':
      return runFlow(node, check.packet, check.alternatives);
    case 'health check':
      return runHealthCheck(check.check, vector.node);
    case 'sequence':
      return runSequence(node, check.sequence);
  }
}

/** What cannot be tried has failed, and the rest goes on. */
async function attempt(run: () => Finding | Promise<Finding>): Promise<Finding> {
  try {
    return await run();
  } catch (error) {
    return { expected: 'to be tried', seen: error instanceof Error ? error.message : String(error) };
  }
}
