import test from 'ava';
import { valueAt } from '../../src/apiserver/objects.ts';
import { SERVICES, SLICES, service, startServer, summary, watch } from './helpers.ts';

const ref = (name: string): { name: string; namespace: string } => ({ name, namespace: 'default' });

test('a watch tells what happens after a version', async (t) => {
  const server = await startServer(t);
  server.store.create('services', service('old'));
  const since = server.store.resourceVersion;
  server.store.create('services', service('web'));
  const stream = await watch(server, SERVICES, `resourceVersion=${since}`);
  server.store.patch('services', ref('web'), { type: 'merge', body: { metadata: { labels: { a: 'b' } } } });
  const { object } = server.store.delete('services', ref('web'));
  t.is(summary(await stream.next()), 'ADDED web');
  t.is(summary(await stream.next()), 'MODIFIED web');
  const deleted = await stream.next();
  t.is(summary(deleted), 'DELETED web');
  t.is(valueAt(deleted, 'object', 'metadata', 'resourceVersion'), object.metadata.resourceVersion);
  t.deepEqual(valueAt(deleted, 'object', 'metadata', 'labels'), { a: 'b' });
  stream.close();
});

test('without a version a watch starts with what there is', async (t) => {
  const server = await startServer(t);
  const stream = await watch(server, SERVICES, '');
  t.is(summary(await stream.next()), 'ADDED kubernetes');
  server.store.create('services', service('web'));
  t.is(summary(await stream.next()), 'ADDED web');
  stream.close();
});

test('an object that starts or stops to match comes and goes', async (t) => {
  const server = await startServer(t);
  server.store.create('services', service('web'));
  const stream = await watch(
    server,
    SERVICES,
    `labelSelector=%21hidden&resourceVersion=${server.store.resourceVersion}`,
  );
  const label = (hidden: string | null): unknown =>
    server.store.patch('services', ref('web'), { type: 'merge', body: { metadata: { labels: { hidden } } } });
  label('yes');
  const version = server.store.resourceVersion;
  label('still');
  label(null);
  const gone = await stream.next();
  t.is(summary(gone), 'DELETED web');
  t.is(valueAt(gone, 'object', 'metadata', 'labels'), undefined, 'the state before');
  t.is(valueAt(gone, 'object', 'metadata', 'resourceVersion'), version);
  t.is(summary(await stream.next()), 'ADDED web');
  stream.close();
});

test('other resources and namespaces are not told of', async (t) => {
  const server = await startServer(t);
  const stream = await watch(server, SLICES, `resourceVersion=${server.store.resourceVersion}`);
  server.store.create('namespaces', { metadata: { name: 'other' } });
  const slice = { addressType: 'IPv4', endpoints: [{ addresses: ['10.0.0.1'] }] };
  server.store.create('endpointslices', { ...slice, metadata: { name: 'x', namespace: 'other' } });
  server.store.create('services', service('web'));
  server.store.create('endpointslices', { ...slice, metadata: { name: 'mine', namespace: 'default' } });
  t.is(summary(await stream.next()), 'ADDED mine');
  stream.close();
});

const STREAMING = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';

test('a streaming list ends its first part with a bookmark', async (t) => {
  const server = await startServer(t);
  server.store.create('services', service('web'));
  const stream = await watch(server, SERVICES, STREAMING);
  t.is(summary(await stream.next()), 'ADDED kubernetes');
  t.is(summary(await stream.next()), 'ADDED web');
  t.deepEqual(await stream.next(), {
    type: 'BOOKMARK',
    object: {
      kind: 'Service',
      apiVersion: 'v1',
      metadata: {
        resourceVersion: server.store.resourceVersion,
        annotations: { 'k8s.io/initial-events-end': 'true' },
      },
    },
  });
  server.store.delete('services', ref('web'));
  t.is(summary(await stream.next()), 'DELETED web');
  stream.close();
});

test('streaming lists are refused where they are wrong or switched off', async (t) => {
  const server = await startServer(t);
  const refused = { message: /watch: 422 .*ListOptions/ };
  await t.throwsAsync(watch(server, SERVICES, 'sendInitialEvents=true'), refused);
  await t.throwsAsync(
    watch(server, SERVICES, 'resourceVersionMatch=NotOlderThan&resourceVersion=1'),
    refused,
  );
  server.faults.isWatchListDisabled = true;
  await t.throwsAsync(watch(server, SERVICES, STREAMING), refused);
});

test('bookmarks come once in a while and before the timeout, which ends the stream', async (t) => {
  const server = await startServer(t, { bookmarkIntervalMs: 300 });
  const stream = await watch(
    server,
    SERVICES,
    `resourceVersion=${server.store.resourceVersion}&allowWatchBookmarks=true&timeoutSeconds=1`,
  );
  server.store.create('configmaps', { metadata: { name: 'elsewhere', namespace: 'default' } });
  for (let i = 0; i < 4; i++) {
    const bookmark = await stream.next();
    t.is(bookmark['type'], 'BOOKMARK');
    t.is(valueAt(bookmark, 'object', 'metadata', 'resourceVersion'), server.store.resourceVersion);
  }
  await t.notThrowsAsync(stream.end());
});

test('a version that is forgotten gives 410', async (t) => {
  const server = await startServer(t, { historyLimit: 3 });
  const since = server.store.resourceVersion;
  for (const name of ['a', 'b', 'c']) server.store.create('services', service(name));
  const inTime = await watch(server, SERVICES, `resourceVersion=${since}`);
  t.is(summary(await inTime.next()), 'ADDED a');
  inTime.close();
  server.store.create('services', service('d'));
  const late = await watch(server, SERVICES, `resourceVersion=${since}`);
  const error = await late.next();
  t.is(summary(error), 'ERROR 410');
  t.is(valueAt(error, 'object', 'reason'), 'Expired');
  await t.notThrowsAsync(late.end());
});

test('a version of the future: too large for a streaming list', async (t) => {
  const server = await startServer(t, { firstResourceVersion: 1 });
  const stream = await watch(server, SERVICES, `${STREAMING}&resourceVersion=999999`);
  const error = await stream.next();
  t.is(summary(error), 'ERROR 504');
  t.deepEqual(valueAt(error, 'object', 'details', 'causes'), [
    { reason: 'ResourceVersionTooLarge', message: 'Too large resource version' },
  ]);
});
