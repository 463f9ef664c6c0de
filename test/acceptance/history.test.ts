/** A server that has forgotten what happened while nobody listened. */
import test from 'ava';
import { kernelAgrees, startCluster, writtenSince } from './cluster.ts';
import { frontendsOf, service, serviceWith, slices } from './objects.ts';
import { answersBy, answersByNobody, startStream } from './traffic.ts';

test('ten minutes of history compacted away: exactly the differences reach the kernel', async (t) => {
  const [steady, scaled, deleted, created, shortLived, remade] = [1, 2, 3, 4, 5, 6] as const;
  const cluster = await startCluster(t);
  const { network, server, kubectl, daemon } = cluster;
  await kubectl.apply(
    ...serviceWith(steady, [1, 2]),
    ...[scaled, deleted, remade].flatMap((number) => serviceWith(number, [3])),
  );
  await Promise.all([scaled, deleted, remade].map((number) => answersBy(network, number, [3])));
  const stream = await startStream(network, steady);
  const before = daemon.deltas.length;

  await server.faults.refuseConnections();
  const { store } = server;
  const create = (object: ReturnType<typeof service>): unknown =>
    store.create(object['kind'] === 'Service' ? 'services' : 'endpointslices', object);
  for (const slice of slices(scaled, [3, 4, 5])) store.update('endpointslices', slice);
  store.delete('services', { name: `web-${deleted}`, namespace: 'default' });
  for (const object of serviceWith(created, [6])) create(object);
  for (const object of serviceWith(shortLived, [7])) create(object);
  store.delete('services', { name: `web-${shortLived}`, namespace: 'default' });
  // Another object of the same content: nothing to be written.
  store.delete('services', { name: `web-${remade}`, namespace: 'default' });
  create(service(remade));
  server.faults.compactHistory();
  await server.faults.acceptConnections();

  await Promise.all([
    answersBy(network, scaled, [3, 4, 5]),
    answersByNobody(network, deleted),
    answersBy(network, created, [6]),
    answersByNobody(network, shortLived),
    answersBy(network, remade, [3]),
  ]);
  t.deepEqual(await stream.failures(), {});
  t.deepEqual(writtenSince(daemon, before), frontendsOf(scaled, deleted, created));
  await kernelAgrees(t, cluster);
});
