import { enterNode, type NodeNetwork } from '../node/node-network.ts';
import { program } from '../node/program.ts';
import { Exchange } from '../probe/exchange.ts';
import type { Vector } from '../vectors/vector.ts';
import { type Check, type CheckResult, checksOf, type Failure } from './check.ts';
import { ConntrackEntries } from './conntrack.ts';
import { runFlow } from './flow.ts';
import { runHealthCheck } from './health-check.ts';
import type { RunningNode } from './running-node.ts';
import { runSequence } from './sequence.ts';

/**
 * Builds the node of a vector, programs its kernel and does all its checks. It moves the process into a namespace of its own
 * for that, so there is one at a time in a process.
 */
export async function runCase(vector: Vector, backend: string): Promise<CheckResult[]> {
  const network = enterNode(vector);
  try {
    return await runInside(network, vector, backend);
  } finally {
    network.probe.close();
  }
}

async function runInside(network: NodeNetwork, vector: Vector, backend: string): Promise<CheckResult[]> {
  const entries = new ConntrackEntries(network.probe, vector.conntrack);
  const proxy = await program(vector);
  try {
    const { hasAffinity, forgetAffinity } = proxy;
    const node: RunningNode = { exchange: new Exchange(network), hasAffinity, forgetAffinity };
    const results: CheckResult[] = [];
    for (const check of checksOf(vector, backend)) {
      const failure = await attempt(() => runCheck(check, node, entries, vector));
      results.push({ kind: check.kind, name: check.name, ...(failure && { failure }) });
    }
    return results;
  } finally {
    proxy.close();
  }
}

function runCheck(
  check: Check,
  node: RunningNode,
  entries: ConntrackEntries,
  vector: Vector,
): Promise<Failure | undefined> | Failure | undefined {
  switch (check.kind) {
    case 'conntrack':
      return entries.judge(check.entry);
    case 'flow':
      return runFlow(node, check.packet, check.alternatives);
    case 'health check':
      return runHealthCheck(check.check, vector.node);
    case 'sequence':
      return runSequence(node, check.sequence);
  }
}

/** What cannot be tried has failed, and the rest goes on. */
async function attempt(
  run: () => Promise<Failure | undefined> | Failure | undefined,
): Promise<Failure | undefined> {
  try {
    return await run();
  } catch (error) {
    return { expected: 'a check', seen: error instanceof Error ? error.message : String(error) };
  }
}
