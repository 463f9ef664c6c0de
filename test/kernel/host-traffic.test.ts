/** Traffic that the host's own stack has a part in. */
import test from 'ava';
import type { Node } from '../../src/api/objects.ts';
import { POD_CIDRS } from '../../src/lab/network.ts';
import { FAMILIES } from '../../src/net/address.ts';
import { openTestNetwork, type TestNetwork } from '../helpers/netns.ts';
import {
  clusterIP,
  type NodeUnderTest,
  serviceEvents,
  startNode,
  TARGET_PORT,
} from '../helpers/node-under-test.ts';
import { put, service, slice } from '../helpers/objects.ts';

let network: TestNetwork;
let node: NodeUnderTest;

const NODE_PORT = 30123;
const PATIENCE_MS = 10_000;

test.before(async () => {
  network = await openTestNetwork(2);
  node = await startNode(network, POD_CIDRS);
  const addresses = [network.node.IPv4, network.node.IPv6];
  const object: Node = { kind: 'Node', name: 'node', labels: {}, podCIDRs: [], addresses };
  node.pipeline.hostAddresses([...addresses, '127.0.0.1', '::1']);
  await node.apply([{ type: 'put', object }]);
});

test.after.always(async () => {
  node?.close();
  await network?.remove();
});

for (const family of FAMILIES) {
  test.serial(
    `PRO-04 node ports are not reserved, and a process of the host on one is not reached from outside, ${family}`,
    async (t) => {
      const [pod] = network.pods;
      if (pod === undefined) throw new Error('pods were asked for');
      const name = `np-${family.toLowerCase()}`;
      const ports = [{ name: 'http', protocol: 'TCP', port: 80, nodePort: NODE_PORT }] as const;
      await node.apply(
        put(
          service(name, clusterIP(family, 90), { type: 'NodePort', ports }),
          slice(`${name}-1`, name, [pod[family]], { addressType: family }),
        ),
      );
      const address = network.node[family];
      await network
        .agent(pod)
        .listen({ protocol: 'TCP', addresses: [pod[family]], port: TARGET_PORT, name: 'pod' });
      await network
        .agent(network.node)
        .listen({ protocol: 'TCP', addresses: [address], port: NODE_PORT, name: 'host' });
      const target = { protocol: 'TCP', address, port: NODE_PORT, timeoutMs: PATIENCE_MS } as const;
      const [result] = await network.agent(network.outside).probe(target);
      t.like(result, { name: 'pod' });
    },
  );

  test.serial(
    `ICM-03 an ICMP error of an endpoint reaches the client as one of the Service, ${family}`,
    async (t) => {
      const [, silent] = network.pods;
      if (silent === undefined) throw new Error('pods were asked for');
      await node.apply(serviceEvents({ family, number: 91, endpoints: [silent], protocol: 'UDP' }));
      const address = clusterIP(family, 91);
      // Nobody listens there: the endpoint's own host says so, of the endpoint's address.
      const target = { protocol: 'UDP', address, port: 80, timeoutMs: PATIENCE_MS } as const;
      t.deepEqual(await network.agent(network.client).probe(target), [{ error: 'ECONNREFUSED' }]);
    },
  );
}
