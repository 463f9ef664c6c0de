import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { EbpfBackend } from '../../../src/backends/ebpf/ebpf-backend.ts';
import { clientsOf, tally } from '../../../src/lab/agent-client.ts';
import { type Host, POD_CIDRS } from '../../../src/lab/network.ts';
import { FAMILIES } from '../../../src/net/address.ts';
import { privateCgroup } from '../../helpers/cgroup.ts';
import { exec, testNetwork } from '../../helpers/netns.ts';
import { clusterIP, nodeOver, serviceEvents, TARGET_PORT } from '../../helpers/node-under-test.ts';

/** Processes in the cgroup, on the node and in its pods, connect to endpoints themselves, and do not see it. */

const PROGRAM = path.resolve(import.meta.dirname, '../../kernel/programs/peers.ts');
const PATIENCE_MS = 10_000;

async function nodeWithSockets(t: ExecutionContext) {
  const cgroup = privateCgroup(t);
  const network = await testNetwork(t, 2);
  const backends = FAMILIES.map(
    (family) => new EbpfBackend({ family, namespace: network.node.namespace, cgroup, connections: 2 ** 10 }),
  );
  const node = nodeOver(backends, POD_CIDRS);
  t.teardown(() => node.close());
  await Promise.all(network.pods.map((pod) => serve(pod)));
  await node.apply(
    FAMILIES.flatMap((family) => [
      ...serviceEvents({ family, number: 1, endpoints: network.pods, protocol: 'TCP' }),
      ...serviceEvents({ family, number: 1, endpoints: network.pods, protocol: 'UDP' }),
      ...serviceEvents({ family, number: 2, endpoints: [], protocol: 'TCP' }),
      ...serviceEvents({ family, number: 2, endpoints: [], protocol: 'UDP' }),
    ]),
  );
  async function serve(pod: Host): Promise<void> {
    const addresses = [pod.IPv4, pod.IPv6];
    for (const protocol of ['TCP', 'UDP'] as const)
      await network.agent(pod).listen({ protocol, addresses, port: TARGET_PORT, name: pod.name });
  }
  return network;
}

test.serial('a socket sees the Service as its peer, on the node and in pods', async (t) => {
  const { node, client } = await nodeWithSockets(t);
  for (const family of FAMILIES) {
    for (const { namespace, name } of [node, client]) {
      const peers = await exec(namespace, process.execPath, PROGRAM, clusterIP(family, 1), '80');
      const service = `${clusterIP(family, 1)} 80`;
      t.deepEqual(
        JSON.parse(peers),
        { tcp: service, isConnectedToIt: false, unconnected: service, connected: service },
        `${name} ${family}`,
      );
    }
  }
});

test.serial(
  'connections from sockets go to every endpoint, and without any are refused at once',
  async (t) => {
    const network = await nodeWithSockets(t);
    for (const family of FAMILIES) {
      for (const protocol of ['TCP', 'UDP'] as const) {
        const target = { protocol, address: clusterIP(family, 1), port: 80, timeoutMs: PATIENCE_MS };
        const results = await network.agent(network.client).probe({ ...target, count: 40 });
        t.deepEqual(Object.keys(tally(results)).toSorted(), ['pod-1', 'pod-2']);
        t.deepEqual(clientsOf(results), [network.client[family]]);
        const refused = await network.agent(network.node).probe({ ...target, address: clusterIP(family, 2) });
        t.deepEqual(tally(refused), { ECONNREFUSED: 1 }, `${family} ${protocol}`);
      }
    }
  },
);
