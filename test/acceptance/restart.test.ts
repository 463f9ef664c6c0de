/** The server goes away and comes back, with what it knew or without. */
import test from 'ava';
import type { ApiServerOptions } from '../../src/apiserver/server.ts';
import { kernelAgrees, portOf, startCluster, startServer, stateFile, writtenSince } from './cluster.ts';
import { frontendsOf, serviceWith } from './objects.ts';
import { answersBy, answersByNobody, startStream, until } from './traffic.ts';

const STEADY = 1;
const OTHER = 2;
const NEW = 3;

test('a server that comes back with its state changes nothing', async (t) => {
  const state = stateFile(t);
  const cluster = await startCluster(t, { server: { stateFile: state } });
  const { network, server, kubectl, daemon } = cluster;
  await kubectl.apply(...serviceWith(STEADY, [1, 2]), ...serviceWith(OTHER, [3]));
  await Promise.all([answersBy(network, STEADY, [1, 2]), answersBy(network, OTHER, [3])]);
  const stream = await startStream(network, STEADY);
  const before = daemon.deltas.length;

  await server.close();
  await until(
    () => daemon.problems.filter((it) => it.includes('ECONNREFUSED')).length,
    (kinds) => kinds === 4,
  );
  await answersBy(network, OTHER, [3]);
  await startServer(t, { stateFile: state, port: portOf(server) });
  // Whatever the return brings is there before what comes after it.
  await kubectl.apply(...serviceWith(NEW, [4]));
  await answersBy(network, NEW, [4]);

  t.deepEqual(await stream.failures(), {});
  t.deepEqual(writtenSince(daemon, before), frontendsOf(NEW));
  await kernelAgrees(t, cluster);
});

const FORGETFUL: Readonly<Record<string, ApiServerOptions>> = {
  'and counts on': {},
  'and counts from one, as after a restore': { firstResourceVersion: 1 },
};

for (const [name, options] of Object.entries(FORGETFUL)) {
  test(`a server that comes back empty ${name}: what is not there is not wanted`, async (t) => {
    const cluster = await startCluster(t, { timings: { silence: 1000 } });
    const { network, server, kubectl } = cluster;
    await kubectl.apply(...serviceWith(STEADY, [1, 2]), ...serviceWith(OTHER, [3]));
    await Promise.all([answersBy(network, STEADY, [1, 2]), answersBy(network, OTHER, [3])]);
    const stream = await startStream(network, STEADY);
    await server.close();
    await answersBy(network, OTHER, [3]);
    // It forwards for as long as nobody says otherwise.
    t.deepEqual(await stream.failures(), {});

    await startServer(t, { port: portOf(server), ...options });
    await Promise.all([answersByNobody(network, STEADY), answersByNobody(network, OTHER)]);
    await kubectl.apply(...serviceWith(STEADY, [5]));
    await answersBy(network, STEADY, [5]);
    await kernelAgrees(t, cluster);
  });
}
