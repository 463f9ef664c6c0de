/** What becomes of established connections when the rules for new ones change. */
import test from 'ava';
import type { ObjectEvent } from '../../src/api/objects.ts';
import { POD_CIDRS } from '../../src/lab/network.ts';
import { FAMILIES, type Family } from '../../src/net/address.ts';
import { hold } from '../helpers/held-connection.ts';
import { openTestNetwork, type TestNetwork } from '../helpers/netns.ts';
import { type NodeUnderTest, startNode, TARGET_PORT } from '../helpers/node-under-test.ts';
import { put, service, slice } from '../helpers/objects.ts';

let network: TestNetwork;
let node: NodeUnderTest;

const VIP = { IPv4: '198.51.100.7', IPv6: '2001:db8:51::7' } as const;
const CLUSTER_IP = { IPv4: '10.96.0.7', IPv6: 'fd00:10:96::7' } as const;
/** Where the host outside is, and where nobody is. */
const RANGES = {
  IPv4: ['172.31.0.0/16', '203.0.113.0/24'],
  IPv6: ['fd00:172::/32', '2001:db8::/64'],
} as const;
/** Long enough to tell silence from an answer that is late. */
const SILENCE_MS = 1500;

test.before(async () => {
  network = await openTestNetwork(1);
  node = await startNode(network, POD_CIDRS);
  for (const pod of network.pods) {
    const addresses = [pod.IPv4, pod.IPv6];
    await network.agent(pod).listen({ protocol: 'TCP', addresses, port: TARGET_PORT, name: pod.name });
  }
});

test.after.always(async () => {
  node?.close();
  await network?.remove();
});

function events(
  family: Family,
  loadBalancerSourceRanges: readonly string[],
  hasEndpoints: boolean,
): ObjectEvent[] {
  const name = `held-${family.toLowerCase()}`;
  const endpoints = hasEndpoints ? network.pods.map((pod) => pod[family]) : [];
  return put(
    service(name, CLUSTER_IP[family], { loadBalancerIPs: [VIP[family]], loadBalancerSourceRanges }),
    slice(`${name}-1`, name, endpoints, { addressType: family }),
  );
}

for (const family of FAMILIES) {
  test.serial(`NEP-10 CT-10 connections to an endpoint that went are left alone, ${family}`, async (t) => {
    await node.apply(events(family, [], true));
    const held = await hold(t, network.client, CLUSTER_IP[family], 80);
    await node.apply(events(family, [], false));
    const fresh = { protocol: 'TCP', address: CLUSTER_IP[family], port: 80, timeoutMs: 10_000 } as const;
    t.deepEqual(await network.agent(network.client).probe(fresh), [{ error: 'ECONNREFUSED' }]);
    t.is(await held.ask(), 'pod-1');
  });

  test.serial(`LB-12 source ranges are for new connections only, ${family}`, async (t) => {
    const [ours, others] = RANGES[family];
    await node.apply(events(family, [ours], true));
    const held = await hold(t, network.outside, VIP[family], 80);
    await node.apply(events(family, [others], true));
    const fresh = { protocol: 'TCP', address: VIP[family], port: 80, timeoutMs: SILENCE_MS } as const;
    t.deepEqual(await network.agent(network.outside).probe(fresh), [{ error: 'ETIMEDOUT' }]);
    t.is(await held.ask(), 'pod-1');
  });
}
