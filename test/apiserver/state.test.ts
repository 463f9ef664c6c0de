import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { startApiServer } from '../../src/apiserver/server.ts';
import { call, SERVICES, service, startServer, summary, watch } from './helpers.ts';

function stateFile(t: ExecutionContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'nodeplane-state-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  return path.join(folder, 'state');
}

const WEB = { name: 'web', namespace: 'default' };

test('a restarted server knows its objects, their versions and what is allocated', async (t) => {
  const file = stateFile(t);
  const first = await startApiServer({ stateFile: file, firstResourceVersion: 1 });
  first.store.create('services', service('web', { clusterIP: '10.96.1.1' }));
  first.store.create('services', service('gone'));
  first.store.delete('services', { name: 'gone', namespace: 'default' });
  const before = first.store.list('services');
  const version = first.store.resourceVersion;
  await first.close();
  appendFileSync(file, '{"version":99,"resou');

  const second = await startServer(t, { stateFile: file, firstResourceVersion: 1 });
  t.deepEqual(second.store.list('services'), before);
  t.is(second.store.resourceVersion, version);
  t.throws(() => second.store.create('services', service('two', { clusterIP: '10.96.1.1' })), {
    message: /already allocated/,
  });
  second.store.delete('services', WEB);
  t.false(readFileSync(file, 'utf8').includes('resou"'), 'the torn line is gone');
});

test('a restarted server has forgotten its history, but not where it was', async (t) => {
  const file = stateFile(t);
  const first = await startApiServer({ stateFile: file });
  const early = first.store.resourceVersion;
  first.store.create('services', service('web'));
  const last = first.store.resourceVersion;
  await first.close();
  const second = await startServer(t, { stateFile: file, firstResourceVersion: 1 });
  const stream = await watch(second, SERVICES, `resourceVersion=${last}`);
  second.store.delete('services', WEB);
  t.is(summary(await stream.next()), 'DELETED web');
  stream.close();
  t.is(summary(await (await watch(second, SERVICES, `resourceVersion=${early}`)).next()), 'ERROR 410');
});

test('a server that lost its state starts above the versions of the one before', async (t) => {
  const first = await startApiServer();
  const version = first.store.resourceVersion;
  await first.close();
  await new Promise((resolve) => setTimeout(resolve, 30));
  const second = await startServer(t);
  t.is(summary(await (await watch(second, SERVICES, `resourceVersion=${version}`)).next()), 'ERROR 410');
  t.is((await call(second, `${SERVICES}?resourceVersion=${version}`)).status, 200);
});
