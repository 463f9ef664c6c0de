import test, { type ExecutionContext } from 'ava';
import { clientsOf, tally } from '../../src/lab/agent-client.ts';
import { addRange, GATEWAY, type Host, POD_CIDRS } from '../../src/lab/network.ts';
import { FAMILIES, type Family } from '../../src/net/address.ts';
import { isEvenSpread } from '../helpers/chi-square.ts';
import { openTestNetwork, type TestNetwork, testNetwork } from '../helpers/netns.ts';
import {
  BACKEND,
  clusterIP,
  type NodeUnderTest,
  serviceEvents,
  startNode,
  TARGET_PORT,
} from '../helpers/node-under-test.ts';

let network: TestNetwork;
let node: NodeUnderTest;
let lastNumber = 0;

/** A pod that answers on a whole range of addresses, each as itself. */
const RANGE = { IPv4: '10.244.99.0/24', IPv6: 'fd00:10:244:99::/64' } as const;

test.before(async () => {
  network = await openTestNetwork(4);
  node = await startNode(network, POD_CIDRS);
  const [, , , many] = network.pods;
  if (many === undefined) throw new Error('four pods were asked for');
  await Promise.all(FAMILIES.map((family) => addRange(network, many, RANGE[family])));
  await Promise.all(network.pods.slice(0, 3).map((pod) => serve(network, pod)));
  await serve(
    network,
    many,
    Array.from({ length: 30 }, (_, index) => index + 1).flatMap(rangeAddresses),
    '{address}',
  );
});

test.after.always(async () => {
  node?.close();
  await network?.remove();
});

/**
 * How long to wait for any answer: a busy machine must not fail a test, and over a veth an ICMP error may arrive while
 * connect() still owns the socket, which then only believes the answer to its next SYN, a second later. A
 * connection that went untranslated never succeeds.
 */
const PATIENCE_MS = 10_000;

async function serve(
  on: TestNetwork,
  pod: Host,
  addresses = [pod.IPv4, pod.IPv6],
  name = pod.name,
): Promise<void> {
  const agent = on.agent(pod);
  await agent.listen({ protocol: 'TCP', addresses, port: TARGET_PORT, name });
  await agent.listen({ protocol: 'UDP', addresses, port: TARGET_PORT, name });
}

function rangeAddresses(number: number): string[] {
  return [rangeAddress('IPv4', number), rangeAddress('IPv6', number)];
}

function rangeAddress(family: Family, number: number): string {
  return family === 'IPv4' ? `10.244.99.${number}` : `fd00:10:244:99::${number.toString(16)}`;
}

function rangeEndpoints(family: Family, count: number) {
  return Array.from({ length: count }, (_, index) => ({
    addresses: [rangeAddress(family, index + 1)],
    nodeName: 'node',
  }));
}

function pods(...numbers: number[]): Host[] {
  return network.pods.filter((_, index) => numbers.includes(index + 1));
}

type Transport = 'TCP' | 'UDP';

/** Makes a Service of its own for the test and returns where to send to. */
async function serviceOf(
  family: Family,
  protocol: Transport,
  endpoints: Parameters<typeof serviceEvents>[0]['endpoints'],
) {
  const number = ++lastNumber;
  const change = (now: typeof endpoints): Promise<void> =>
    node.apply(serviceEvents({ family, number, protocol, endpoints: now }));
  await change(endpoints);
  const target = { protocol, address: clusterIP(family, number), port: 80, timeoutMs: PATIENCE_MS };
  return { target, change };
}

const variants = FAMILIES.flatMap((family) =>
  (['TCP', 'UDP'] as const).map((protocol) => [family, protocol] as const),
);

for (const [family, protocol] of variants) {
  const title = (text: string): string => `${text} [${family} ${protocol}]`;

  test(title('VIP-01 VIP-10 MASQ-02 a pod reaches every endpoint and keeps its address'), async (t) => {
    const { target } = await serviceOf(family, protocol, pods(1, 2, 3));
    const results = await network.agent(network.client).probe({ ...target, count: 60 });
    t.deepEqual(Object.keys(tally(results)).toSorted(), ['pod-1', 'pod-2', 'pod-3']);
    t.deepEqual(clientsOf(results), [network.client[family]]);
  });

  test(title('VIP-10 MASQ-02 a process of the node reaches every endpoint, masqueraded'), async (t) => {
    const { target } = await serviceOf(family, protocol, pods(1, 2));
    const results = await network.agent(network.node).probe({ ...target, count: 40 });
    t.deepEqual(Object.keys(tally(results)).toSorted(), ['pod-1', 'pod-2']);
    t.deepEqual(clientsOf(results), [GATEWAY[family]]);
  });

  test(title('MASQ-02 MASQ-11 a host outside the pod ranges is masqueraded'), async (t) => {
    const { target } = await serviceOf(family, protocol, pods(1, 2));
    const results = await network.agent(network.outside).probe({ ...target, count: 40 });
    t.deepEqual(Object.keys(tally(results)).toSorted(), ['pod-1', 'pod-2']);
    t.deepEqual(clientsOf(results), [GATEWAY[family]]);
  });

  test(title('MASQ-09 hairpin: a pod that reaches itself through the service'), async (t) => {
    const { target } = await serviceOf(family, protocol, pods(1));
    const [pod] = pods(1);
    const results = await network.agent(pod ?? network.client).probe({ ...target, count: 20 });
    t.deepEqual(tally(results), { 'pod-1': 20 });
    t.deepEqual(clientsOf(results), [GATEWAY[family]]);
  });

  test(title('MASQ-09 only the endpoint picked counts: other endpoints see the pod itself'), async (t) => {
    const { target } = await serviceOf(family, protocol, pods(1, 2));
    const [pod] = pods(1);
    const results = await network.agent(pod ?? network.client).probe({ ...target, count: 60 });
    const clientsSeenBy = (name: string): string[] =>
      clientsOf(results.filter((result) => 'name' in result && result.name === name));
    t.deepEqual(clientsSeenBy('pod-1'), [GATEWAY[family]]);
    t.deepEqual(clientsSeenBy('pod-2'), [pod?.[family] ?? '']);
  });

  test(title('MASQ-10 hairpin works without a node name in the slice'), async (t) => {
    const [pod = network.client] = pods(1);
    const { target } = await serviceOf(family, protocol, [{ addresses: [pod[family]] }]);
    const results = await network.agent(pod).probe({ ...target, count: 20 });
    t.deepEqual(tally(results), { 'pod-1': 20 });
  });

  test(title('NEP-01 NEP-06 without endpoints the sender is refused'), async (t) => {
    const { target } = await serviceOf(family, protocol, []);
    for (const host of [network.client, network.outside]) {
      const results = await network.agent(host).probe({ ...target, count: 3 });
      t.deepEqual(tally(results), { ECONNREFUSED: 3 }, host.name);
    }
  });

  test(title('NEP-01 NEP-12 without endpoints a process of the node is refused'), async (t) => {
    const { target } = await serviceOf(family, protocol, []);
    const [result] = await network.agent(network.node).probe(target);
    t.true(result !== undefined && 'error' in result && ['ECONNREFUSED', 'EPERM'].includes(result.error));
  });

  test(title('NEP-01 a service that gains and loses its endpoints'), async (t) => {
    const { target, change } = await serviceOf(family, protocol, []);
    const probe = { ...target, count: 10 };
    const ask = async () => tally(await network.agent(network.client).probe(probe));
    t.deepEqual(await ask(), { ECONNREFUSED: 10 });
    await change(pods(2));
    t.deepEqual(await ask(), { 'pod-2': 10 });
    await change([]);
    t.deepEqual(await ask(), { ECONNREFUSED: 10 });
  });

  test(title('SEL-01 an endpoint that is not ready, or gone, gets no new connection'), async (t) => {
    const { target, change } = await serviceOf(family, protocol, pods(1, 2));
    // Each time from another host: a source port that came by before would be an old UDP "connection".
    const names = async (host: Host): Promise<string[]> =>
      Object.keys(tally(await network.agent(host).probe({ ...target, count: 60 }))).toSorted();
    t.deepEqual(await names(network.client), ['pod-1', 'pod-2']);
    await change([...pods(1), { addresses: [pods(2)[0]?.[family] ?? ''], ready: false }]);
    t.deepEqual(await names(network.outside), ['pod-1']);
    await change(pods(2, 3));
    t.deepEqual(await names(network.node), ['pod-2', 'pod-3']);
  });

  test(title('VIP-09 other ports of the cluster IP, and pods themselves, are not touched'), async (t) => {
    const { target } = await serviceOf(family, protocol, pods(1));
    const [pod] = pods(1);
    const direct = await network
      .agent(network.client)
      .probe({ ...target, address: pod?.[family] ?? '', port: TARGET_PORT });
    t.deepEqual(clientsOf(direct), [network.client[family]]);
    const otherPort = await network.agent(network.client).probe({ ...target, port: 81, timeoutMs: 300 });
    t.false('name' in (otherPort[0] ?? {}));
  });
}

/** Sizes at, just above and well above a power of two: where a draw may miss, and by how much it does. */
for (const family of FAMILIES) {
  for (const size of [2, 3, 5, 9, 10, 16, 17]) {
    test(`SEL-10 ${size} endpoints are equally likely [${family}]`, async (t) => {
      const { target } = await serviceOf(family, 'TCP', rangeEndpoints(family, size));
      const counts = tally(await network.agent(network.client).probe({ ...target, count: 200 * size }));
      t.is(Object.keys(counts).length, size, JSON.stringify(counts));
      t.true(isEvenSpread(Object.values(counts)), JSON.stringify(counts));
    });
  }

  test(`SYNC-10 no connection fails while endpoints come and go and the size class changes [${family}]`, async (t) => {
    const { target, change } = await serviceOf(family, 'TCP', rangeEndpoints(family, 1));
    const probe = network.agent(network.client).probe({ ...target, count: 3000, concurrency: 8 });
    let isDone = false;
    let rounds = 0;
    const stop = probe.finally(() => {
      isDone = true;
    });
    for (; !isDone; rounds++) {
      for (const size of [2, 3, 17, 5, 1]) await change(rangeEndpoints(family, size));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const failures = Object.entries(tally(await stop)).filter(([name]) => name.startsWith('E'));
    t.deepEqual(failures, []);
    t.true(rounds > 10);
  });
}

test('SVC-06 SVC-07 one number with TCP and UDP is two service ports', async (t) => {
  const number = ++lastNumber;
  const [tcpPods, udpPods] = [pods(1), pods(2)];
  await node.apply([
    ...serviceEvents({ family: 'IPv4', number, protocol: 'TCP', endpoints: tcpPods }),
    ...serviceEvents({ family: 'IPv4', number, protocol: 'UDP', endpoints: udpPods }),
  ]);
  const target = { address: clusterIP('IPv4', number), port: 80, count: 5, timeoutMs: PATIENCE_MS };
  const client = network.agent(network.client);
  t.deepEqual(tally(await client.probe({ ...target, protocol: 'TCP' })), { 'pod-1': 5 });
  t.deepEqual(tally(await client.probe({ ...target, protocol: 'UDP' })), { 'pod-2': 5 });
});

/** Where that needs pins, test/backends/ebpf has a test of its own. */
const testRestart = BACKEND === 'nftables' ? test : undefined;

testRestart?.('START-03 a restart adopts what is there, writes nothing and disturbs nobody', async (t) => {
  const own = await ownNetwork(t);
  const first = await startNode(own, POD_CIDRS);
  const events = FAMILIES.flatMap((family) => serviceEvents({ family, number: 1, endpoints: own.pods }));
  await first.apply(events);
  first.close();
  const probe = own.agent(own.client).probe({
    protocol: 'TCP',
    address: clusterIP('IPv4', 1),
    port: 80,
    timeoutMs: PATIENCE_MS,
    count: 500,
    concurrency: 4,
  });
  const second = await startNode(own, POD_CIDRS, events);
  t.deepEqual(
    second.deltas.map((delta) => delta.frontends),
    [[], []],
  );
  t.deepEqual(Object.keys(tally(await probe)).toSorted(), ['pod-1', 'pod-2']);
  second.close();
});

test('MASQ-04 without pod ranges nobody is masqueraded, but for hairpin', async (t) => {
  const own = await ownNetwork(t);
  const daemon = await startNode(own, []);
  t.teardown(() => daemon.close());
  const [pod = own.client] = own.pods;
  for (const family of FAMILIES) {
    await daemon.apply(serviceEvents({ family, number: 1, endpoints: [pod] }));
    const target = {
      protocol: 'TCP',
      address: clusterIP(family, 1),
      port: 80,
      timeoutMs: PATIENCE_MS,
    } as const;
    t.deepEqual(clientsOf(await own.agent(own.outside).probe(target)), [own.outside[family]]);
    t.deepEqual(clientsOf(await own.agent(pod).probe(target)), [GATEWAY[family]]);
  }
});

async function ownNetwork(t: ExecutionContext): Promise<TestNetwork> {
  const own = await testNetwork(t, 2);
  await Promise.all(own.pods.map((pod) => serve(own, pod)));
  return own;
}
