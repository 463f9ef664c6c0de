import { createServer } from 'node:net';
import test from 'ava';
import { call, post, SERVICES, service, startServer, summary, watch } from './helpers.ts';

test('the next requests fail as asked for, then no more', async (t) => {
  const server = await startServer(t);
  server.faults.failNext({ code: 429, count: 2, retryAfterSeconds: 3, path: '/services' });
  t.is((await call(server, '/api/v1/nodes')).status, 200);
  const limited = await call(server, SERVICES);
  t.is(limited.status, 429);
  t.is(limited.headers.get('retry-after'), '3');
  t.is((await call(server, SERVICES)).status, 429);
  t.is((await call(server, SERVICES)).status, 200);
});

test('answers wait', async (t) => {
  const server = await startServer(t);
  server.faults.delayMs = 150;
  const start = performance.now();
  await call(server, SERVICES);
  t.true(performance.now() - start >= 145);
});

test('dropped connections break watches', async (t) => {
  const server = await startServer(t);
  const stream = await watch(server, SERVICES, '');
  await stream.next();
  server.faults.dropConnections();
  await t.throwsAsync(stream.end());
  t.is((await call(server, SERVICES)).status, 200);
});

test('a refused connection is refused, until it is accepted on the same port', async (t) => {
  const server = await startServer(t);
  await server.faults.refuseConnections();
  const error = await t.throwsAsync<Error & { cause?: { code?: string } }>(call(server, SERVICES));
  t.is(error?.cause?.code, 'ECONNREFUSED');
  await server.faults.acceptConnections();
  t.is((await call(server, SERVICES)).status, 200);
});

test('a stalled connection says nothing and does not end', async (t) => {
  const server = await startServer(t);
  const stream = await watch(server, SERVICES, '');
  await stream.next();
  server.faults.stallConnections();
  server.store.create('services', service('web'));
  const silence = new Promise((resolve) => setTimeout(resolve, 200, 'silence'));
  const next = stream.next().then(summary, String);
  t.is(await Promise.race([next, silence]), 'silence');
  t.is((await call(server, SERVICES)).status, 200, 'new connections work');
  stream.close();
  await next;
});

test('watches end as by their timeout', async (t) => {
  const server = await startServer(t);
  const stream = await watch(server, SERVICES, '');
  server.faults.endWatches();
  await t.notThrowsAsync(stream.end());
});

test('watches end with an error', async (t) => {
  const server = await startServer(t);
  const stream = await watch(server, SERVICES, `resourceVersion=${server.store.resourceVersion}`);
  server.faults.failWatches(410);
  t.is(summary(await stream.next()), 'ERROR 410');
});

test('broken frames', async (t) => {
  const server = await startServer(t);
  const path = `${SERVICES}?watch=true&resourceVersion=${server.store.resourceVersion}`;
  const open = (): Promise<Response> =>
    fetch(server.url + path, { headers: { accept: 'application/vnd.kubernetes.protobuf' } });
  const first = async (response: Response): Promise<string> => {
    const { value } = (await response.body?.getReader().read()) ?? {};
    return Buffer.from(value ?? []).toString('hex');
  };
  const oversized = await open();
  server.faults.breakWatches('oversized');
  t.regex(await first(oversized), /^7fffffff/);
  server.faults.endWatches();
  const garbage = await open();
  server.faults.breakWatches('garbage');
  t.regex(await first(garbage), /^00000010ffee/);
  server.faults.endWatches();
  const truncated = await open();
  server.faults.breakWatches('truncated');
  await t.throwsAsync(truncated.arrayBuffer(), undefined, 'cut in the middle of a frame of 0x77 bytes');
});

test('a server without protobuf answers JSON, or 406', async (t) => {
  const server = await startServer(t);
  server.faults.isProtobufDisabled = true;
  t.is(
    (await call(server, SERVICES, { headers: { accept: 'application/vnd.kubernetes.protobuf' } })).status,
    406,
  );
  const accept = 'application/vnd.kubernetes.protobuf, application/json';
  t.is((await call(server, SERVICES, { headers: { accept } })).status, 200);
});

test('the switches work over HTTP', async (t) => {
  const server = await startServer(t, { token: 'secret' });
  const flip = (name: string, body: object = {}): Promise<unknown> =>
    post(server, `/nodeplane-faults/${name}`, body);
  await flip('delay', { milliseconds: 1 });
  t.is(server.faults.delayMs, 1);
  await flip('disable-watch-list');
  t.true(server.faults.isWatchListDisabled);
  await flip('fail-next', { code: 500, count: 1 });
  t.is((await call(server, SERVICES)).status, 500);
  await flip('reset');
  t.is(server.faults.delayMs, 0);
  t.is((await post(server, '/nodeplane-faults/explode', {})).status, 404);
  t.is((await post(server, '/nodeplane-faults/break-watches', { kind: 'x' })).status, 400);
});

test('a port that is taken is an error of the start', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  t.teardown(() => taken.close());
  const address = taken.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  await t.throwsAsync(startServer(t, { port }), { code: 'EADDRINUSE' });
});
