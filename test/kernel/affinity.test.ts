/** Session affinity in the kernel, beyond what single connections of the conformance vectors tell. */
import { setTimeout as pause } from 'node:timers/promises';
import test from 'ava';
import type { ObjectEvent } from '../../src/api/objects.ts';
import { NFT } from '../../src/lab/command.ts';
import { addRange, POD_CIDRS } from '../../src/lab/network.ts';
import { exec, openTestNetwork, type TestNetwork } from '../helpers/netns.ts';
import { type NodeUnderTest, startNode, TARGET_PORT } from '../helpers/node-under-test.ts';
import { put, type ServiceFields, service, slice } from '../helpers/objects.ts';

const CLUSTER_IP = '10.96.0.44';
const CLIENT_RANGE = '10.244.98.0/24';
/** So many that independent picks among three agree on all of them once in 40 million. */
const CLIENTS = Array.from({ length: 16 }, (_, index) => `10.244.98.${index + 1}`);

let network: TestNetwork;
let node: NodeUnderTest;

test.before(async () => {
  network = await openSticky();
  node = await startNode(network, POD_CIDRS);
});

test.after.always(async () => {
  node?.close();
  await network?.remove();
});

/** Each test begins without bindings. */
test.serial.beforeEach(async () => {
  await node.apply(events({ fields: { sessionAffinity: 'None' } }));
  await node.apply(events());
});

/** A network whose pods answer, and whose client has many addresses. */
async function openSticky(): Promise<TestNetwork> {
  const opened = await openTestNetwork(3);
  await addRange(opened, opened.client, CLIENT_RANGE);
  const listening = opened.pods.map((pod) =>
    opened.agent(pod).listen({ protocol: 'TCP', addresses: [pod.IPv4], port: TARGET_PORT, name: pod.name }),
  );
  await Promise.all(listening);
  return opened;
}

/** Pods to leave out, and fields of the Service that differ. */
interface Change {
  readonly without?: readonly string[];
  readonly fields?: ServiceFields;
}

function events({ without = [], fields = {} }: Change = {}): ObjectEvent[] {
  const endpoints = network.pods.filter(({ name }) => !without.includes(name)).map((pod) => pod.IPv4);
  return put(
    service('sticky', CLUSTER_IP, { sessionAffinity: 'ClientIP', ...fields }),
    slice('sticky-1', 'sticky', endpoints),
  );
}

/** Which endpoint each client gets. */
async function endpointsIn({ agent, client }: TestNetwork): Promise<string[]> {
  const target = { protocol: 'TCP', address: CLUSTER_IP, port: 80, timeoutMs: 10_000 } as const;
  const results = await Promise.all(CLIENTS.map((source) => agent(client).probe({ ...target, source })));
  return results.map(([result]) => (result !== undefined && 'name' in result ? result.name : 'none'));
}

test.serial('AFF-01 clients keep their endpoints', async (t) => {
  const first = await endpointsIn(network);
  t.false(first.includes('none'));
  t.deepEqual(await endpointsIn(network), first);
});

test.serial(
  'AFF-04 who loses an endpoint gets another one and keeps that when the first comes back',
  async (t) => {
    const first = await endpointsIn(network);
    await node.apply(events({ without: ['pod-1'] }));
    const second = await endpointsIn(network);
    t.false(second.includes('pod-1'));
    const stayed = second.filter((_, client) => first[client] !== 'pod-1');
    t.deepEqual(
      stayed,
      first.filter((name) => name !== 'pod-1'),
    );
    await node.apply(events());
    t.deepEqual(await endpointsIn(network), second);
  },
);

test.serial('AFF-05 a binding ends when its time is over', async (t) => {
  await node.apply(events({ fields: { affinityTimeoutSeconds: 1 } }));
  const first = await endpointsIn(network);
  await pause(2500);
  t.notDeepEqual(await endpointsIn(network), first);
});

test.serial('AFF-06 the table tells how many bindings it holds at most', async (t) => {
  const map = ['list', 'map', 'ip', 'nodeplane', 'affinity-bindings'];
  t.regex(await exec(network.node.namespace, NFT, ...map), /\bsize 1048576\b/);
});

test.serial('AFF-07 bindings outlive a restart, but not a Service without affinity', async (t) => {
  const first = await endpointsIn(network);
  node.close();
  node = await startNode(network, POD_CIDRS, events());
  t.deepEqual(await endpointsIn(network), first);
  await node.apply(events({ fields: { sessionAffinity: 'None' } }));
  await node.apply(events());
  t.notDeepEqual(await endpointsIn(network), first);
});

test.serial('AFF-08 each node picks for itself', async (t) => {
  const elsewhere = await openSticky();
  t.teardown(() => elsewhere.remove());
  const other = await startNode(elsewhere, POD_CIDRS, events());
  t.teardown(() => other.close());
  t.notDeepEqual(await endpointsIn(elsewhere), await endpointsIn(network));
});
