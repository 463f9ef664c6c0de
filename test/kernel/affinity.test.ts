/** Session affinity in the kernel, beyond what single connections of the conformance vectors tell. */
import test from 'ava';
import { NFT } from '../../src/lab/command.ts';
import { addRange, POD_CIDRS } from '../../src/lab/network.ts';
import { exec, type TestNetwork, testNetwork } from '../helpers/netns.ts';
import { startNode, TARGET_PORT } from '../helpers/node-under-test.ts';
import { put, service, slice } from '../helpers/objects.ts';

const CLUSTER_IP = '10.96.0.44';
const CLIENT_RANGE = '10.244.98.0/24';
/** So many that two nodes which pick for themselves agree on all of them once in 40 million. */
const CLIENTS = Array.from({ length: 16 }, (_, index) => `10.244.98.${index + 1}`);

async function startSticky(t: Parameters<typeof testNetwork>[0], network: TestNetwork): Promise<void> {
  const endpoints = network.pods.map((pod) => pod.IPv4);
  const node = await startNode(network, POD_CIDRS, [
    ...put(
      service('sticky', CLUSTER_IP, { sessionAffinity: 'ClientIP', affinityTimeoutSeconds: 10_800 }),
      slice('sticky-1', 'sticky', endpoints),
    ),
  ]);
  t.teardown(() => node.close());
  await addRange(network, network.client, CLIENT_RANGE);
  for (const pod of network.pods) {
    const addresses = [pod.IPv4];
    await network.agent(pod).listen({ protocol: 'TCP', addresses, port: TARGET_PORT, name: pod.name });
  }
}

/** Which endpoint each client gets. */
async function endpointsOf(network: TestNetwork): Promise<string[]> {
  const agent = network.agent(network.client);
  const target = { protocol: 'TCP', address: CLUSTER_IP, port: 80, timeoutMs: 10_000 } as const;
  const results = await Promise.all(CLIENTS.map((source) => agent.probe({ ...target, source })));
  return results.map(([result]) => (result !== undefined && 'name' in result ? result.name : 'none'));
}

test('AFF-01 AFF-08 clients keep their endpoints, on each node others', async (t) => {
  const networks = await Promise.all([testNetwork(t), testNetwork(t)]);
  await Promise.all(networks.map((network) => startSticky(t, network)));
  const [here, there] = await Promise.all(networks.map(endpointsOf));
  t.notDeepEqual(here, there);
  t.false(here?.includes('none') || there?.includes('none'));
  for (const network of networks) {
    t.deepEqual(await endpointsOf(network), network === networks[0] ? here : there);
  }
});

test('AFF-06 the table tells how many bindings it holds at most', async (t) => {
  const network = await testNetwork(t, 1);
  await startSticky(t, network);
  const listing = await exec(
    network.node.namespace,
    NFT,
    'list',
    'map',
    'ip',
    'nodeplane',
    'affinity-bindings',
  );
  t.regex(listing, /\bsize 1048576\b/);
});
