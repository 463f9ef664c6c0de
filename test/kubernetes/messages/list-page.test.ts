import test, { type ExecutionContext } from 'ava';
import { decodeListPage } from '../../../src/kubernetes/messages/list-page.ts';
import { resourcesOf } from '../../../src/kubernetes/reflector/resource.ts';
import { recordedBytes } from '../../api/protobuf/recorded.ts';

function same(t: ExecutionContext, kind: string): void {
  const resource = resourcesOf('node-1').find((it) => it.kind === kind);
  if (resource === undefined) throw new Error(`no resource ${kind}`);
  const name = resource.path.split('/').at(-1);
  const fromProtobuf = decodeListPage(resource, 'protobuf', recordedBytes(`${name}.list.pb`));
  t.true(fromProtobuf.items.length > 0);
  t.deepEqual(fromProtobuf, decodeListPage(resource, 'json', recordedBytes(`${name}.list.json`)));
}

test('services are the same in both encodings', same, 'Service');
test('slices are the same in both encodings', same, 'EndpointSlice');
test('nodes are the same in both encodings', same, 'Node');
test('service CIDRs are the same in both encodings', same, 'ServiceCIDR');

const NODES = { kind: 'Node', apiVersion: 'v1' } as const;

test('a list of something else', (t) => {
  t.throws(() => decodeListPage(NODES, 'protobuf', recordedBytes('services.list.pb')), {
    message: 'NodeList: is a ServiceList of v1',
  });
  t.throws(() => decodeListPage(NODES, 'json', recordedBytes('table.services.json')), {
    message: 'NodeList: is a Table of meta.k8s.io/v1',
  });
});

test('a list without version could not be watched from', (t) => {
  const body = Buffer.from('{"kind":"NodeList","apiVersion":"v1","metadata":{},"items":[]}');
  t.throws(() => decodeListPage(NODES, 'json', body), {
    message: 'NodeList: metadata.resourceVersion: is missing',
  });
});

test('one broken item does not spoil the others', (t) => {
  const bytes = recordedBytes('services.list.pb');
  bytes.writeUInt8(0xff, bytes.indexOf('10.96') + 2);
  const { items } = decodeListPage({ kind: 'Service', apiVersion: 'v1' }, 'protobuf', bytes);
  t.deepEqual(items.filter((item) => 'errors' in item).length, 1);
  t.is(items.length, 6);
});
