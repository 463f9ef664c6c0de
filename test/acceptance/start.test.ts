/** The first sync: nothing is programmed before everything is known, and what an earlier run left stays until then. */
import test from 'ava';
import { FAMILIES } from '../../src/net/address.ts';
import { judgedElements, nft } from '../helpers/nft-judge.ts';
import {
  kernelAgrees,
  startCluster,
  startDaemon,
  startNetwork,
  startServer,
  writtenSince,
} from './cluster.ts';
import { kubectlFor } from './kubectl.ts';
import { frontendsOf, nameOf, serviceWith, slices } from './objects.ts';
import { answersBy, answersByNobody, startStream, until } from './traffic.ts';

const STEADY = 1;
const GOING = 2;
const CHANGING = 3;
const NEW = 4;

/** More than a test can use up. */
const FOR_EVER = 1_000_000;

const KINDS = { Service: '/api/v1/services', EndpointSlice: '/discovery.k8s.io/v1/endpointslices' };

for (const [kind, path] of Object.entries(KINDS)) {
  test(`without the list of ${kind}s nothing is programmed`, async (t) => {
    const [network, server] = await Promise.all([startNetwork(t), startServer(t)]);
    const kubectl = kubectlFor(t, server.kubeconfig());
    server.faults.failNext({ code: 500, count: FOR_EVER, path });
    await kubectl.apply(...serviceWith(STEADY, [1, 2]));
    const daemon = startDaemon(t, network, kubectl.kubeconfig);
    await until(
      () => daemon.problems,
      (problems) => problems.some((it) => it.startsWith(`${kind}: 500 InternalError`)),
    );
    // By now the other kinds have been listed for long.
    await kubectl.apply(...serviceWith(NEW, [3]));
    t.deepEqual(daemon.deltas, []);
    t.is(await nft(network.node.namespace, 'list', 'ruleset'), '');

    await server.faults.reset();
    await daemon.synced;
    await Promise.all([answersBy(network, STEADY, [1, 2]), answersBy(network, NEW, [3])]);
    await kernelAgrees(t, { network, server, kubectl, daemon });
  });

  test(`without the list of ${kind}s the rules of an earlier run stay, then only differences are written`, async (t) => {
    const cluster = await startCluster(t);
    const { network, server, kubectl, daemon } = cluster;
    await kubectl.apply(...[STEADY, GOING, CHANGING].flatMap((number) => serviceWith(number, [1, 2])));
    await Promise.all([STEADY, GOING, CHANGING].map((number) => answersBy(network, number, [1, 2])));
    daemon.close();
    const left = await Promise.all(FAMILIES.map((it) => judgedElements(network.node.namespace, it)));
    const stream = await startStream(network, STEADY);

    server.faults.failNext({ code: 500, count: FOR_EVER, path });
    const second = startDaemon(t, network, kubectl.kubeconfig);
    await kubectl.delete(`service/${nameOf(GOING)}`);
    await kubectl.apply(...slices(CHANGING, [3]), ...serviceWith(NEW, [4]));
    await until(
      () => second.problems,
      (problems) => problems.some((it) => it.startsWith(`${kind}: 500 InternalError`)),
    );
    t.deepEqual(second.deltas, []);
    t.deepEqual(await Promise.all(FAMILIES.map((it) => judgedElements(network.node.namespace, it))), left);
    await answersBy(network, GOING, [1, 2]);

    await server.faults.reset();
    await second.synced;
    await Promise.all([
      answersByNobody(network, GOING),
      answersBy(network, CHANGING, [3]),
      answersBy(network, NEW, [4]),
    ]);
    t.deepEqual(await stream.failures(), {});
    t.deepEqual(writtenSince(second, 0), frontendsOf(GOING, CHANGING, NEW));
    await kernelAgrees(t, { ...cluster, daemon: second });
  });
}
