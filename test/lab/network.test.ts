import test from 'ava';
import { clientsOf, tally } from '../../src/lab/agent-client.ts';
import { addRange } from '../../src/lab/network.ts';
import { FAMILIES } from '../../src/net/address.ts';
import { exec, openTestNetwork, privateNamespace, type TestNetwork } from '../helpers/netns.ts';

const PORT = 8080;

let network: TestNetwork;

test.before(async () => {
  network = await openTestNetwork(2);
  for (const pod of network.pods) {
    const agent = network.agent(pod);
    const server = { addresses: [pod.IPv4, pod.IPv6], port: PORT, name: pod.name };
    await Promise.all([
      agent.listen({ ...server, protocol: 'TCP' }),
      agent.listen({ ...server, protocol: 'UDP' }),
    ]);
  }
});

test.after.always(() => network?.remove());

for (const family of FAMILIES) {
  for (const protocol of ['TCP', 'UDP'] as const) {
    test(`everyone reaches a pod: ${protocol}, ${family}`, async (t) => {
      const { client, node, outside } = network;
      for (const host of [client, node, outside]) {
        const [pod] = network.pods;
        const address = pod?.[family] ?? '';
        const results = await network.agent(host).probe({ protocol, address, port: PORT, count: 5 });
        t.deepEqual(tally(results), { 'pod-1': 5 }, host.name);
      }
    });
  }

  test(`servers see the client's own address: ${family}`, async (t) => {
    const { client, pods } = network;
    const [, pod] = pods;
    const results = await network.agent(client).probe({ address: pod?.[family] ?? '', port: PORT, count: 2 });
    t.deepEqual(clientsOf(results), [client[family]]);
  });

  test(`curl understands the servers: ${family}`, async (t) => {
    const [pod] = network.pods;
    const address = family === 'IPv6' ? `[${pod?.IPv6}]` : pod?.IPv4;
    const body = await exec(network.client.namespace, 'curl', '-sS', `http://${address}:${PORT}/`);
    t.like(JSON.parse(body), { name: 'pod-1', client: network.client[family] });
  });
}

test('a pod with a range answers on all its addresses', async (t) => {
  const [pod] = network.pods;
  if (pod === undefined) return t.fail();
  await addRange(network, pod, '10.244.7.0/24');
  await addRange(network, pod, 'fd00:10:244:7::/64');
  const addresses = ['10.244.7.1', '10.244.7.254', 'fd00:10:244:7::1', 'fd00:10:244:7:ffff::'];
  await network.agent(pod).listen({ protocol: 'TCP', addresses, port: 81, name: '{address}' });
  for (const address of addresses) {
    const results = await network.agent(network.client).probe({ address, port: 81 });
    t.deepEqual(tally(results), { [address]: 1 });
  }
});

test('a private namespace has nothing but its loopback', async (t) => {
  const name = await privateNamespace(t);
  const links = JSON.parse(await exec(name, '/bin/ip', '-json', 'link')) as {
    ifname: string;
    flags: string[];
  }[];
  t.deepEqual(
    links.map((link) => link.ifname),
    ['lo'],
  );
  t.true(links[0]?.flags.includes('UP'));
});
