/** Servers of all kinds: older ones, strict ones, ones that restart, with and without what they knew. */
import { writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import test from 'ava';
import { startApiServer } from '../../src/apiserver/server.ts';
import { addService, eventsSince, services, startCluster, survives, temporaryFile } from './cluster.ts';
import { follow } from './followed.ts';

test('a server without streaming lists', async (t) => {
  const cluster = await startCluster(t, {}, {}, ({ faults }) => {
    faults.isWatchListDisabled = true;
  });
  t.deepEqual(services(cluster), ['web-0']);
  await survives(cluster, () => cluster.server.faults.failWatches(410));
  t.deepEqual(cluster.problems, []);
});

test('a list in many pages', async (t) => {
  const cluster = await startCluster(t, {}, {}, (server) => {
    server.faults.isWatchListDisabled = true;
    for (let i = 1; i < 1100; i++) addService(server, `web-${i}`);
  });
  t.is(services(cluster).length, 1100);
});

test('a server without protobuf', async (t) => {
  const cluster = await startCluster(t, {}, {}, ({ faults }) => {
    faults.isProtobufDisabled = true;
  });
  await survives(cluster, () => cluster.server.faults.breakWatches('garbage'));
  t.true(
    cluster.problems.every((it) => it.includes('is not valid JSON')),
    cluster.problems.join(),
  );
});

test('a token that rotates', async (t) => {
  const server = await startApiServer({ token: 'first' });
  t.teardown(() => server.close());
  addService(server, 'web-0');
  const tokenFile = temporaryFile(t, 'first\n');
  const kubeconfig = server.kubeconfig().replace(/token: .*/, `tokenFile: ${tokenFile}`);
  const cluster = { ...follow(t, { kubeconfig: temporaryFile(t, kubeconfig) }), server };
  await cluster.source.start();
  await delay(150);
  await survives(cluster, async () => {
    await writeFile(tokenFile, 'second');
    server.faults.token = 'second';
    server.faults.dropConnections();
  });
  t.deepEqual(cluster.problems, []);
});

test('rights that are missing are one problem of each kind, until they are there', async (t) => {
  const cluster = await startCluster(t);
  cluster.server.faults.failNext({ code: 403, count: 1_000_000 });
  cluster.server.faults.dropConnections();
  await cluster.until(() => cluster.problems.length >= 4, 'a problem of each kind');
  await delay(300);
  t.deepEqual(
    cluster.problems.toSorted().map((it) => it.split(':', 2).join(':')),
    [
      'EndpointSlice: 403 Forbidden',
      'Node: 403 Forbidden',
      'Service: 403 Forbidden',
      'ServiceCIDR: 403 Forbidden',
    ],
  );
  cluster.server.faults.failNext({ code: 403, count: 0 });
  await cluster.until(() => cluster.healthy.length === 4, 'four healthy kinds');
});

test('a server that is older than ServiceCIDRs', async (t) => {
  const cluster = await startCluster(t, {}, {}, ({ faults }) => {
    faults.failNext({ code: 404, count: 1_000_000, path: 'servicecidrs' });
  });
  t.deepEqual(services(cluster), ['web-0']);
  t.deepEqual(cluster.names('ServiceCIDR'), []);
  t.deepEqual(cluster.problems, []);
});

test('a server that comes up late is waited for', async (t) => {
  const placeholder = await startApiServer();
  const port = Number(new URL(placeholder.url).port);
  await placeholder.close();
  const followed = follow(t, { master: `http://127.0.0.1:${port}` });
  const started = followed.source.start();
  await followed.until(() => followed.problems.length === 4, 'a problem of each kind');
  t.deepEqual(followed.batches, []);
  const server = await startApiServer({ port });
  t.teardown(() => server.close());
  await started;
  t.is(followed.batches.length, 1);
  t.deepEqual(followed.names('Service'), ['default/kubernetes']);
});

test('a server that restarts with its state', async (t) => {
  const stateFile = temporaryFile(t, '');
  const cluster = await startCluster(t, { stateFile });
  const before = cluster.batches.length;
  const port = Number(new URL(cluster.server.url).port);
  await cluster.server.close();
  await delay(100);
  const again = await startApiServer({ stateFile, port });
  t.teardown(() => again.close());
  addService(again, 'web-1');
  await cluster.until(() => services(cluster).join() === 'web-0,web-1', 'the new Service');
  t.deepEqual(eventsSince(cluster, before), ['put web-1']);
});

for (const firstResourceVersion of [undefined, 1]) {
  test(`a server that restarts without its state, versions from ${firstResourceVersion ?? 'now'}`, async (t) => {
    const timings = { silence: 500 };
    const cluster = await startCluster(t, {}, { timings });
    const port = Number(new URL(cluster.server.url).port);
    await cluster.server.close();
    t.deepEqual(services(cluster), ['web-0']);
    const again = await startApiServer({
      port,
      ...(firstResourceVersion !== undefined && { firstResourceVersion }),
    });
    t.teardown(() => again.close());
    addService(again, 'web-9');
    await cluster.until(() => services(cluster).join() === 'web-9', 'only the new Service');
  });
}

test('nothing is told after close', async (t) => {
  const cluster = await startCluster(t);
  const before = cluster.batches.length;
  addService(cluster.server, 'web-1');
  cluster.source.close();
  await delay(100);
  t.is(cluster.batches.length, before);
});

test('a burst of changes is few batches', async (t) => {
  const cluster = await startCluster(t);
  const before = cluster.batches.length;
  for (let i = 1; i <= 200; i++) addService(cluster.server, `web-${i}`);
  await cluster.until(() => services(cluster).length === 201, 'all Services');
  t.true(cluster.batches.length - before <= 20, `${cluster.batches.length - before}`);
});
