/** The source starts, syncs and follows changes against the recorded bytes of a real API server. */
import test, { type ExecutionContext } from 'ava';
import { decodeObjects } from '../../src/api/decode.ts';
import { identityKey, identityOf } from '../../src/api/identity.ts';
import type { ApiObject } from '../../src/api/objects.ts';
import { recordedBytes, recordedLines } from '../api/protobuf/recorded.ts';
import { follow } from './followed.ts';
import { type ReplayOptions, startReplayServer } from './replay-server.ts';

/** What the recorded lists and watches add up to, read from the JSON without any code of the source. */
function expectedObjects(): Map<string, ApiObject> {
  const objects = new Map<string, ApiObject>();
  const put = (value: unknown): void => {
    for (const { decoded } of decodeObjects(value)) {
      if ('object' in decoded) objects.set(identityKey(identityOf(decoded.object)), decoded.object);
    }
  };
  for (const name of ['services', 'endpointslices', 'nodes', 'servicecidrs']) {
    put(JSON.parse(recordedBytes(`${name}.list.json`).toString()));
  }
  for (const name of ['services.watch', 'endpointslices.watch', 'nodes.watchlist']) {
    for (const line of recordedLines(`${name}.js`)) {
      const { type, object } = JSON.parse(line.toString()) as {
        type: string;
        object: { kind: string; metadata: { namespace?: string; name: string } };
      };
      if (type === 'ADDED' || type === 'MODIFIED') put(object);
      const { namespace = '', name } = object.metadata;
      if (type === 'DELETED') objects.delete(`${object.kind}/${namespace}/${name}`);
    }
  }
  return objects;
}

function sorted(objects: ReadonlyMap<string, ApiObject>): [string, ApiObject][] {
  return [...objects].sort(([a], [b]) => (a < b ? -1 : 1));
}

async function replay(t: ExecutionContext, options: ReplayOptions): Promise<void> {
  const server = await startReplayServer(options);
  t.teardown(server.close);
  const followed = follow(t, { master: server.url });
  await followed.source.start();
  t.is(followed.batches.length, 1);
  t.deepEqual(followed.names('ServiceCIDR'), ['kubernetes']);
  t.deepEqual(followed.names('Node'), ['node-1']);
  const expected = expectedObjects();
  // In pages, nodes are listed as they were before the changes.
  const isNew = ([key]: [string, ApiObject]) => options.hasStreamingLists || !key.startsWith('Node/');
  const text = () => JSON.stringify(sorted(followed.objects).filter(isNew));
  await followed.until(
    () => text() === JSON.stringify(sorted(expected).filter(isNew)),
    'the last recorded state',
  );
  t.deepEqual(sorted(followed.objects).filter(isNew), sorted(expected).filter(isNew));
  t.deepEqual(followed.problems, []);
  t.true(server.requests.some((it) => it.includes('labelSelector=%21service.kubernetes.io%2Fheadless')));
  t.true(server.requests.some((it) => it.includes('fieldSelector=metadata.name%3Dnode-1')));
}

for (const encoding of ['protobuf', 'json'] as const) {
  for (const hasStreamingLists of [true, false]) {
    const lists = hasStreamingLists ? 'streaming lists' : 'lists and watches';
    for (const chunkSize of [7, 1000, 1_000_000]) {
      const title = `${encoding}, ${lists}, chunks of ${chunkSize}`;
      test(title, replay, { encoding, hasStreamingLists, chunkSize });
    }
  }
}
