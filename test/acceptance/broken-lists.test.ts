/** Lists that break off in the middle: what they lack is not known to be gone. */
import test from 'ava';
import { kernelAgrees, portOf, startDaemon, startNetwork, startServer, writtenSince } from './cluster.ts';
import { cuttingProxy } from './cutting-proxy.ts';
import { kubectlFor } from './kubectl.ts';
import { frontendsOf, serviceWith } from './objects.ts';
import { answersBy, answersByNobody, startStream, until } from './traffic.ts';

const STEADY = 1;
const OTHER = 2;

for (const isWatchListDisabled of [false, true]) {
  const kind = isWatchListDisabled ? 'a list' : 'a streaming list';
  test(`${kind} that breaks off deletes nothing`, async (t) => {
    const [network, server] = await Promise.all([startNetwork(t), startServer(t)]);
    server.faults.isWatchListDisabled = isWatchListDisabled;
    const kubectl = kubectlFor(t, server.kubeconfig());
    const proxy = await cuttingProxy(t, portOf(server));
    const { kubeconfig } = kubectlFor(t, server.kubeconfig().replace(server.url, proxy.url));
    const daemon = startDaemon(t, network, kubeconfig);
    const cluster = { network, server, kubectl, daemon };
    const numbers = [4, 5, 6, 7, 8, 9];
    await kubectl.apply(
      ...serviceWith(STEADY, [1, 2]),
      ...serviceWith(OTHER, [3]),
      ...numbers.flatMap((number) => serviceWith(number, [number])),
    );
    await daemon.synced;
    await Promise.all(numbers.map((number) => answersBy(network, number, [number])));
    const stream = await startStream(network, STEADY);
    const before = daemon.deltas.length;

    server.faults.compactHistory();
    // About half of the list of Services, and of that of EndpointSlices.
    proxy.cutAfter(3000);
    await kubectl.delete(`service/web-${OTHER}`);
    await until(
      () => proxy.cutCount,
      (count) => count > 12,
    );
    t.deepEqual(writtenSince(daemon, before), []);
    await answersBy(network, OTHER, [3]);
    proxy.cutAfter(Number.POSITIVE_INFINITY);
    await answersByNobody(network, OTHER);

    t.deepEqual(await stream.failures(), {});
    t.deepEqual(writtenSince(daemon, before), frontendsOf(OTHER));
    await kernelAgrees(t, cluster);
  });
}
