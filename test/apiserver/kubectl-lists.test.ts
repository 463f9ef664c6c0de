/** What kubectl 1.32 does with lists of objects, for which it wants OpenAPI v2. */
import test from 'ava';
import { listAt, valueAt } from '../../src/apiserver/objects.ts';
import { startServer } from './helpers.ts';
import { startKubectl } from './kubectl.ts';

const LIST = `apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: ConfigMap
  metadata: {name: settings}
  data: {a: b}
- apiVersion: v1
  kind: Service
  metadata: {name: web}
  spec: {selector: {app: web}, ports: [{port: 80}]}
`;

const REF = { name: 'web', namespace: 'default' };

test('apply of a List: create, nothing to do, change', async (t) => {
  const kubectl = await startKubectl(t);
  const file = kubectl.file('list.yaml', LIST);
  t.is(await kubectl.run('apply', '-f', file), 'configmap/settings created\nservice/web created\n');
  t.is(await kubectl.run('apply', '-f', file), 'configmap/settings unchanged\nservice/web unchanged\n');
  kubectl.file('list.yaml', LIST.replace('port: 80', 'port: 81'));
  t.is(await kubectl.run('apply', '-f', file), 'configmap/settings unchanged\nservice/web configured\n');
  const ports = listAt(kubectl.server.store.get('services', REF), 'spec', 'ports');
  t.deepEqual(
    ports.map((it) => valueAt(it, 'port')),
    [81],
  );
});

test('create, replace and delete of a List; apply of what get prints', async (t) => {
  const kubectl = await startKubectl(t);
  const file = kubectl.file('list.yaml', LIST);
  t.is(await kubectl.run('create', '-f', file), 'configmap/settings created\nservice/web created\n');
  t.is(await kubectl.run('replace', '-f', file), 'configmap/settings replaced\nservice/web replaced\n');
  const printed = kubectl.file(
    'printed.yaml',
    await kubectl.run('get', 'cm/settings', 'svc/web', '-o', 'yaml'),
  );
  t.regex(await kubectl.run('apply', '-f', printed), /service\/web configured/);
  t.is(await kubectl.run('delete', '-f', file), 'configmap "settings" deleted\nservice "web" deleted\n');
});

test('the items of a List are judged as strictly as single objects', async (t) => {
  const kubectl = await startKubectl(t);
  const file = kubectl.file('list.yaml', LIST.replace('selector:', 'selectors:'));
  await t.throwsAsync(kubectl.run('apply', '-f', file), {
    message: /strict decoding error: unknown field "spec.selectors"/,
  });
  t.is(kubectl.server.store.find('services', REF), undefined);
});

test('OpenAPI v2 is JSON too', async (t) => {
  const server = await startServer(t);
  const answer = await fetch(`${server.url}/openapi/v2`);
  t.like(await answer.json(), { swagger: '2.0', paths: {} });
});
