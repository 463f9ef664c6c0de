/** Watch streams in protobuf, byte by byte. */
import test from 'ava';
import { decodeMessage } from '../../src/apiserver/protobuf/decode.ts';
import { unwrap } from '../../src/apiserver/protobuf/envelope.ts';
import { SERVICE } from '../../src/apiserver/schema/service.ts';
import { SERVICES, service, startServer } from './helpers.ts';

const ACCEPT = { accept: 'application/vnd.kubernetes.protobuf' };

/** The first frames of a stream: type, and the bytes of the object with its envelope. */
async function frames(response: Response, count: number): Promise<{ type: string; object: Uint8Array }[]> {
  const reader = response.body?.getReader();
  const found: { type: string; object: Uint8Array }[] = [];
  let bytes = Buffer.alloc(0);
  while (found.length < count) {
    const { value = new Uint8Array() } = (await reader?.read()) ?? {};
    bytes = Buffer.concat([bytes, value]);
    while (bytes.length >= 4 && bytes.length >= 4 + bytes.readUInt32BE(0)) {
      const body = bytes.subarray(4, 4 + bytes.readUInt32BE(0));
      bytes = bytes.subarray(4 + body.length);
      const type = body.subarray(2, 2 + (body[1] ?? 0)).toString();
      found.push({ type, object: body.subarray(body.indexOf('k8s\0')) });
    }
  }
  await reader?.cancel();
  return found;
}

test('frames: length, type, object; a bookmark at the end of the list', async (t) => {
  const server = await startServer(t);
  server.store.create('services', service('web'));
  const query =
    'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
  const response = await fetch(`${server.url}${SERVICES}?${query}`, { headers: ACCEPT });
  t.is(response.headers.get('content-type'), 'application/vnd.kubernetes.protobuf;stream=watch');
  const found = await frames(response, 3);
  t.deepEqual(
    found.map((it) => it.type),
    ['ADDED', 'ADDED', 'BOOKMARK'],
  );
  const objects = found.map((it) => decodeMessage(SERVICE, unwrap(it.object).raw)['metadata']);
  t.like(objects[1], { name: 'web', namespace: 'default' });
  t.like(objects[2], {
    resourceVersion: server.store.resourceVersion,
    annotations: { 'k8s.io/initial-events-end': 'true' },
  });
});

test('an error event is a Status', async (t) => {
  const server = await startServer(t);
  server.faults.compactHistory();
  const [error] = await frames(
    await fetch(`${server.url}${SERVICES}?watch=true&resourceVersion=1`, { headers: ACCEPT }),
    1,
  );
  t.is(error?.type, 'ERROR');
  t.is(unwrap(error?.object ?? new Uint8Array()).kind, 'Status');
});
