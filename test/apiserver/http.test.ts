import { once } from 'node:events';
import { connect } from 'node:net';
import test from 'ava';
import { listAt, valueAt } from '../../src/apiserver/objects.ts';
import { decodeMessage } from '../../src/apiserver/protobuf/decode.ts';
import { encodeMessage } from '../../src/apiserver/protobuf/encode.ts';
import { unwrap, wrap } from '../../src/apiserver/protobuf/envelope.ts';
import { CORE_EVENT, EVENTS_EVENT } from '../../src/apiserver/schema/event.ts';
import { LIST_META } from '../../src/apiserver/schema/meta.ts';
import { list, message, nested } from '../../src/apiserver/schema/schema.ts';
import { SERVICE } from '../../src/apiserver/schema/service.ts';
import { call, post, SERVICES, service, startServer } from './helpers.ts';

const names = (body: unknown): unknown[] =>
  listAt(body, 'items').map((it) => valueAt(it, 'metadata', 'name'));

test('create, get, update, delete', async (t) => {
  const server = await startServer(t);
  const created = await post(server, SERVICES, service('web'));
  t.is(created.status, 201);
  t.is(created.body['kind'], 'Service');
  const read = await call(server, `${SERVICES}/web`);
  t.deepEqual(read.body, created.body);
  const labelled = { ...read.body, metadata: { ...(read.body['metadata'] as object), labels: { a: 'b' } } };
  const updated = await post(server, `${SERVICES}/web`, labelled, 'PUT');
  t.deepEqual(valueAt(updated.body, 'metadata', 'labels'), { a: 'b' });
  const stale = await post(server, `${SERVICES}/web`, { ...labelled, spec: { type: 'NodePort' } }, 'PUT');
  t.is(stale.status, 409);
  t.is(stale.body['reason'], 'Conflict');
  const deleted = await call(server, `${SERVICES}/web`, { method: 'DELETE' });
  t.is(deleted.body['status'], 'Success');
  const gone = await call(server, `${SERVICES}/web`);
  t.is(gone.status, 404);
  t.deepEqual(gone.body, {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: 'services "web" not found',
    reason: 'NotFound',
    details: { name: 'web', kind: 'services' },
    code: 404,
  });
});

test('an update that changes nothing makes no version', async (t) => {
  const server = await startServer(t);
  const { body } = await post(server, SERVICES, service('web'));
  const { body: again } = await post(server, `${SERVICES}/web`, body, 'PUT');
  t.deepEqual(again, body);
});

test('refusals have their status codes', async (t) => {
  const server = await startServer(t);
  await post(server, SERVICES, service('web'));
  const codes = [
    await post(server, SERVICES, service('web')),
    await post(server, SERVICES, { metadata: { name: 'bad' }, spec: { ports: 'x' } }),
    await post(server, '/api/v1/namespaces/nowhere/services', {
      metadata: { name: 'x' },
      spec: { ports: [{ port: 1 }] },
    }),
    await call(server, '/api/v1/secrets'),
    await call(server, SERVICES, { method: 'PUT' }),
    await call(server, SERVICES, { headers: { accept: 'text/html' } }),
    await post(server, `${SERVICES}/web`, {}, 'PATCH', 'application/json'),
    await call(server, `${SERVICES}?limit=x`),
    await call(server, `${SERVICES}?fieldSelector=foo%3Dbar`),
    await call(server, `${SERVICES}?resourceVersion=99999999999999`),
  ];
  t.deepEqual(
    codes.map((it) => it.status),
    [409, 400, 404, 404, 405, 406, 415, 400, 400, 504],
  );
  t.true(codes.every((it) => it.body['kind'] === 'Status'));
});

test('strict validation names unknown fields', async (t) => {
  const server = await startServer(t);
  const { status, body } = await post(
    server,
    `${SERVICES}?fieldValidation=Strict`,
    service('web', { prots: [] }),
  );
  t.is(status, 400);
  t.regex(String(body['message']), /strict decoding error: unknown field "spec.prots"/);
});

test('a dry run stores nothing', async (t) => {
  const server = await startServer(t);
  t.is((await post(server, `${SERVICES}?dryRun=All`, service('web'))).status, 201);
  t.is((await call(server, `${SERVICES}/web`)).status, 404);
});

test('clients do not write status but by the subresource', async (t) => {
  const server = await startServer(t);
  const status = { loadBalancer: { ingress: [{ ip: '198.51.100.1' }] } };
  await post(server, SERVICES, { ...service('web', { type: 'LoadBalancer' }), status });
  t.deepEqual((await call(server, `${SERVICES}/web`)).body['status'], { loadBalancer: {} });
  await post(
    server,
    `${SERVICES}/web/status`,
    { status, spec: { type: 'ClusterIP' } },
    'PATCH',
    'application/merge-patch+json',
  );
  const { body } = await call(server, `${SERVICES}/web`);
  t.deepEqual(body['status'], status);
  t.is(valueAt(body, 'spec', 'type'), 'LoadBalancer');
});

test('lists select, page and stay consistent over pages', async (t) => {
  const server = await startServer(t);
  for (const name of ['a', 'b', 'c', 'd']) server.store.create('services', service(name));
  const first = await call(server, `${SERVICES}?limit=3`);
  t.deepEqual(names(first.body), ['a', 'b', 'c']);
  t.is(valueAt(first.body, 'metadata', 'remainingItemCount'), 2);
  server.store.delete('services', { name: 'd', namespace: 'default' });
  server.store.create('services', service('e'));
  const token = encodeURIComponent(String(valueAt(first.body, 'metadata', 'continue')));
  const second = await call(server, `${SERVICES}?limit=3&continue=${token}`);
  t.deepEqual(names(second.body), ['d', 'kubernetes']);
  t.is(
    valueAt(second.body, 'metadata', 'resourceVersion'),
    valueAt(first.body, 'metadata', 'resourceVersion'),
  );
  server.faults.compactHistory();
  const late = await call(server, `${SERVICES}?limit=3&continue=${token}`);
  t.is(late.status, 410);
  t.is(late.body['reason'], 'Expired');
});

test('selectors of lists', async (t) => {
  const server = await startServer(t);
  server.store.create('services', service('db', { clusterIP: 'None', selector: { app: 'db' } }));
  server.store.create('services', {
    ...service('web'),
    metadata: { name: 'web', namespace: 'default', labels: { tier: 'x' } },
  });
  t.deepEqual(names((await call(server, `${SERVICES}?fieldSelector=spec.clusterIP%21%3DNone`)).body), [
    'kubernetes',
    'web',
  ]);
  t.deepEqual(names((await call(server, `${SERVICES}?labelSelector=%21tier`)).body), ['db', 'kubernetes']);
  t.deepEqual(names((await call(server, '/api/v1/services?fieldSelector=metadata.name%3Dweb')).body), [
    'web',
  ]);
});

const PROTOBUF = { accept: 'application/vnd.kubernetes.protobuf' };

test('lists in protobuf hold the same as lists in JSON', async (t) => {
  const server = await startServer(t);
  server.store.create('services', service('web', { type: 'NodePort', sessionAffinity: 'ClientIP' }));
  const response = await fetch(server.url + SERVICES, { headers: PROTOBUF });
  t.is(response.headers.get('content-type'), PROTOBUF.accept);
  const { kind, raw } = unwrap(new Uint8Array(await response.arrayBuffer()));
  t.is(kind, 'ServiceList');
  const schema = message('List', { metadata: nested(LIST_META, 1), items: list(nested(SERVICE, 2)) });
  const { body } = await call(server, SERVICES);
  t.deepEqual(
    encodeMessage(schema, decodeMessage(schema, raw)),
    encodeMessage(schema, { metadata: body['metadata'], items: body['items'] }),
  );
});

test('kinds without protobuf are JSON, or nothing', async (t) => {
  const server = await startServer(t);
  t.is((await fetch(`${server.url}/api/v1/pods`, { headers: PROTOBUF })).status, 406);
  const accept = `${PROTOBUF.accept}, application/json`;
  t.is((await call(server, '/api/v1/pods', { headers: { accept } })).body['kind'], 'PodList');
});

test('errors are protobuf for those who prefer it', async (t) => {
  const server = await startServer(t);
  const response = await fetch(`${server.url}${SERVICES}/none`, {
    headers: { accept: `${PROTOBUF.accept}, application/json` },
  });
  t.is(response.status, 404);
  t.is(unwrap(new Uint8Array(await response.arrayBuffer())).kind, 'Status');
});

test('large answers are compressed for those who can read that', async (t) => {
  const server = await startServer(t);
  for (let i = 0; i < 500; i++) server.store.create('services', service(`s-${i}`));
  const large = await fetch(server.url + SERVICES, { headers: { 'accept-encoding': 'gzip' } });
  t.is(large.headers.get('content-encoding'), 'gzip');
  t.is(listAt(await large.json(), 'items').length, 501);
  const plain = await fetch(server.url + SERVICES, { headers: { 'accept-encoding': 'identity' } });
  t.is(plain.headers.get('content-encoding'), null);
  await plain.arrayBuffer();
});

test('an event in protobuf is seen in both groups', async (t) => {
  const server = await startServer(t);
  const event = {
    metadata: { name: 'e1', namespace: 'default' },
    note: 'hello',
    reason: 'Why',
    regarding: { kind: 'Node', name: 'n' },
  };
  const body = wrap('events.k8s.io/v1', 'Event', encodeMessage(EVENTS_EVENT, event));
  const path = '/apis/events.k8s.io/v1/namespaces/default/events';
  const headers = { 'content-type': PROTOBUF.accept, ...PROTOBUF };
  const answer = await fetch(server.url + path, { method: 'POST', body: new Uint8Array(body), headers });
  t.is(answer.status, 201);
  const created = decodeMessage(EVENTS_EVENT, unwrap(new Uint8Array(await answer.arrayBuffer())).raw);
  t.is(created['note'], 'hello');
  const core = await call(server, '/api/v1/namespaces/default/events/e1');
  t.is(core.body['message'], 'hello');
  t.is(valueAt(core.body, 'involvedObject', 'name'), 'n');
  t.is(decodeMessage(CORE_EVENT, encodeMessage(CORE_EVENT, core.body))['message'], 'hello');
  const selected = await call(server, `${path}?fieldSelector=regarding.name%3Dn`);
  t.is(listAt(selected.body, 'items').length, 1);
});

test('what is no request of the API is refused, and the server lives on', async (t) => {
  const server = await startServer(t);
  const headers = { 'content-type': PROTOBUF.accept };
  for (const body of ['', 'k8s\0', 'k8s\0\x0a\xff\xff\xff\xff\x0f', '{}']) {
    t.is(
      (await call(server, SERVICES, { method: 'POST', body: Buffer.from(body, 'latin1'), headers })).status,
      400,
    );
  }
  t.is((await post(server, SERVICES, 'x'.repeat(4_000_000))).status, 413);
  const { port } = new URL(server.url);
  for (const target of ['//', '/api/v1/namespaces/%ff/services', '/%00', '/api/v1/services?watch=%']) {
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    const [answer] = await once(socket, 'data');
    t.regex(String(answer), /^HTTP\/1\.1 [24]/);
    socket.destroy();
  }
  t.is((await call(server, SERVICES)).status, 200);
});

test('a token keeps strangers out', async (t) => {
  const server = await startServer(t, { token: 'secret' });
  t.is((await call(server, SERVICES)).status, 401);
  t.is((await call(server, SERVICES, { headers: { authorization: 'Bearer secret' } })).status, 200);
  server.faults.token = 'next';
  t.is((await call(server, SERVICES, { headers: { authorization: 'Bearer secret' } })).status, 401);
});

test('deletecollection deletes what is selected', async (t) => {
  const server = await startServer(t);
  for (const name of ['a', 'b'])
    server.store.create('configmaps', { metadata: { name, namespace: 'default', labels: { name } } });
  await call(server, '/api/v1/namespaces/default/configmaps?labelSelector=name%3Da', { method: 'DELETE' });
  t.deepEqual(
    server.store.list('configmaps').map((it) => it.metadata.name),
    ['b'],
  );
});

test('a namespace takes everything with it', async (t) => {
  const server = await startServer(t);
  server.store.create('namespaces', { metadata: { name: 'shop' } });
  server.store.create('services', {
    metadata: { name: 'web', namespace: 'shop' },
    spec: { ports: [{ port: 80 }] },
  });
  await call(server, '/api/v1/namespaces/shop', { method: 'DELETE' });
  t.is(server.store.find('services', { name: 'web', namespace: 'shop' }), undefined);
  t.is(server.store.find('namespaces', { name: 'shop' }), undefined);
});

test('discovery, version and health', async (t) => {
  const server = await startServer(t);
  t.deepEqual((await call(server, '/api')).body['versions'], ['v1']);
  t.is(listAt((await call(server, '/apis/discovery.k8s.io/v1')).body, 'resources').length, 1);
  t.is((await call(server, '/version')).body['minor'], '36');
  t.is(await (await fetch(`${server.url}/readyz`)).text(), 'ok');
  const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
  t.is((await call(server, '/apis', { headers: { accept } })).body['kind'], 'APIGroupDiscoveryList');
});
