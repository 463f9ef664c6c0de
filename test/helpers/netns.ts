import { randomBytes } from 'node:crypto';
import type { ExecutionContext } from 'ava';
import { Agent } from '../../src/lab/agent-client.ts';
import {
  addNamespaces,
  removeNamespaces,
  removeStaleNamespaces,
  runInside,
} from '../../src/lab/namespaces.ts';
import { createNetwork, type Host, type Network } from '../../src/lab/network.ts';

/**
 * Private network namespaces for tests. Names carry the process id and random letters, so that tests run in
 * parallel; what a killed run left behind is removed by the next one.
 */

const PREFIX = 'np-test';

let isSwept = false;

async function uniquePrefix(): Promise<string> {
  if (!isSwept) await removeStaleNamespaces(PREFIX);
  isSwept = true;
  return `${PREFIX}-${process.pid}-${randomBytes(4).toString('hex')}`;
}

/** Runs a program inside a namespace and gives what it printed; rejects with what it printed on stderr. */
export const exec = runInside;

/** A new empty namespace, loopback up, until the test ends. Its name is what `--network-namespace` takes. */
export async function privateNamespace(t: ExecutionContext): Promise<string> {
  const name = await uniquePrefix();
  t.teardown(() => removeNamespaces([name]));
  await addNamespaces([name]);
  return name;
}

/** A network with agents in its hosts: see {@link Network}. */
export interface TestNetwork extends Network {
  /** The agent of a host; started when first asked for. */
  agent(host: Host): Agent;
}

/** A network of a node, pods, a client pod and a host outside, until the test ends. */
export async function testNetwork(t: ExecutionContext, pods = 3): Promise<TestNetwork> {
  const network = await openTestNetwork(pods);
  t.teardown(() => network.remove());
  return network;
}

/** The same for `test.before`, whose context has no teardown: call `remove()` in `test.after.always`. */
export async function openTestNetwork(pods = 3): Promise<TestNetwork> {
  const network = await createNetwork(await uniquePrefix(), pods);
  const agents = new Map<string, Agent>();
  return {
    ...network,
    agent: ({ namespace }) => {
      const agent = agents.get(namespace) ?? new Agent(namespace);
      agents.set(namespace, agent);
      return agent;
    },
    remove: async () => {
      await Promise.all([...agents.values()].map((agent) => agent.close()));
      await network.remove();
    },
  };
}
