import test from 'ava';
import { GATEWAY, POD_CIDRS } from '../../src/lab/network.ts';
import { FAMILIES } from '../../src/net/address.ts';
import { testNetwork } from '../helpers/netns.ts';
import { clusterIP, serviceEvents, startNode } from '../helpers/node-under-test.ts';
import { listenSctp, probeSctp } from '../helpers/sctp.ts';

for (const family of FAMILIES) {
  test(`PRO-02 MASQ-02 NEP-01 SCTP associations are translated, masqueraded and refused [${family}]`, async (t) => {
    const network = await testNetwork(t, 2);
    const node = await startNode(network, POD_CIDRS);
    t.teardown(() => node.close());
    for (const pod of network.pods) t.teardown(await listenSctp(pod.namespace, family, pod.name));
    const address = clusterIP(family, 1);
    await node.apply(serviceEvents({ family, number: 1, protocol: 'SCTP', endpoints: network.pods }));

    const fromPod = await probeSctp(network.client.namespace, family, address, 80, 30);
    t.deepEqual([...new Set(fromPod)].toSorted(), [
      `pod-1 ${network.client[family]}`,
      `pod-2 ${network.client[family]}`,
    ]);
    const fromOutside = await probeSctp(network.outside.namespace, family, address, 80, 30);
    t.deepEqual([...new Set(fromOutside)].toSorted(), [
      `pod-1 ${GATEWAY[family]}`,
      `pod-2 ${GATEWAY[family]}`,
    ]);

    await node.apply(serviceEvents({ family, number: 1, protocol: 'SCTP', endpoints: [] }));
    t.deepEqual(await probeSctp(network.client.namespace, family, address, 80, 1), ['error ECONNREFUSED']);
  });
}
