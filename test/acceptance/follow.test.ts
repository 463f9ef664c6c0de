/** Services and EndpointSlices that people make with kubectl, while packets flow. */
import test from 'ava';
import { FAMILIES } from '../../src/net/address.ts';
import { kernelAgrees, startCluster, writtenSince } from './cluster.ts';
import { endpointAddress, frontendsOf, nameOf, service, serviceWith, sliceName, slices } from './objects.ts';
import { answersBy, answersByNobody, startStream } from './traffic.ts';

const STEADY = 1;
const CHANGING = 2;

test('a Service is created, scaled, changed and deleted while packets flow to another', async (t) => {
  const cluster = await startCluster(t);
  const { network, kubectl, daemon } = cluster;
  await kubectl.apply(...serviceWith(STEADY, [1, 2]));
  await answersBy(network, STEADY, [1, 2]);
  const stream = await startStream(network, STEADY);
  const before = daemon.deltas.length;

  await kubectl.apply(service(CHANGING));
  await answersBy(network, CHANGING, []);
  await kubectl.apply(...slices(CHANGING, [3]));
  await answersBy(network, CHANGING, [3]);
  await kubectl.apply(...slices(CHANGING, [3, 4, 5]));
  await answersBy(network, CHANGING, [3, 4, 5]);
  await kubectl.apply(...slices(CHANGING, [6]));
  await answersBy(network, CHANGING, [6]);
  await kubectl.apply(...slices(CHANGING, []));
  await answersBy(network, CHANGING, []);
  await kubectl.apply(...slices(CHANGING, [6, 7]));
  await answersBy(network, CHANGING, [6, 7]);
  await kubectl.delete(`service/${nameOf(CHANGING)}`);
  await answersByNobody(network, CHANGING);

  t.deepEqual(await stream.failures(), {});
  t.deepEqual(writtenSince(daemon, before), frontendsOf(CHANGING));
  await kernelAgrees(t, cluster);
});

test('patches of slices, and slices that come and go, are followed one family at a time', async (t) => {
  const cluster = await startCluster(t);
  const { network, kubectl } = cluster;
  await kubectl.apply(...serviceWith(STEADY, [1]), ...serviceWith(CHANGING, [1, 2]));
  await answersBy(network, CHANGING, [1, 2]);
  const stream = await startStream(network, STEADY);

  for (const family of FAMILIES) {
    const endpoint = (number: number, ready: boolean) => ({
      addresses: [endpointAddress(family, number)],
      conditions: { ready },
    });
    await kubectl.patch(`endpointslice/${sliceName(CHANGING, family)}`, {
      endpoints: [endpoint(1, false), endpoint(2, true), endpoint(3, true)],
    });
  }
  await answersBy(network, CHANGING, [2, 3]);
  await kubectl.delete(...FAMILIES.map((family) => `endpointslice/${sliceName(CHANGING, family)}`));
  await answersBy(network, CHANGING, []);
  await kubectl.apply(...slices(CHANGING, [4]));
  await answersBy(network, CHANGING, [4]);

  t.deepEqual(await stream.failures(), {});
  await kernelAgrees(t, cluster);
});

test('a Service that is deleted and made again at once has its endpoints again', async (t) => {
  const cluster = await startCluster(t);
  const { network, kubectl } = cluster;
  await kubectl.apply(...serviceWith(CHANGING, [1]));
  await answersBy(network, CHANGING, [1]);
  await kubectl.delete(`service/${nameOf(CHANGING)}`);
  await kubectl.apply(service(CHANGING));
  await answersBy(network, CHANGING, [1]);
  await kernelAgrees(t, cluster);
});
