import { readFileSync } from 'node:fs';
import test from 'ava';
import { isObject, type JsonObject, listAt } from '../../src/apiserver/objects.ts';
import { decodeMessage } from '../../src/apiserver/protobuf/decode.ts';
import { encodeMessage } from '../../src/apiserver/protobuf/encode.ts';
import { frame, unwrap, wrap } from '../../src/apiserver/protobuf/envelope.ts';
import { ENDPOINT_SLICE } from '../../src/apiserver/schema/endpoint-slice.ts';
import { LIST_META, STATUS } from '../../src/apiserver/schema/meta.ts';
import { NODE } from '../../src/apiserver/schema/node.ts';
import { list, type Message, message, nested } from '../../src/apiserver/schema/schema.ts';
import { SERVICE } from '../../src/apiserver/schema/service.ts';
import { SERVICE_CIDR } from '../../src/apiserver/schema/small-kinds.ts';

// wire.md section 7
const SERVICE_HEX =
  '6b3873000a0d0a02763112075365727669636512530a180a0377656212001a0473686f7022002a003201373800420012330a170a0468747470120354435018502206080010001a0028001a0a31302e3131322e302e3922003a00420052005a00600068001a020a001a002200';
const SLICE_HEX =
  '6b3873000a240a13646973636f766572792e6b38732e696f2f7631120d456e64706f696e74536c6963651283010a3c0a057765622d3112001a0473686f7022002a003200380042005a210a1a6b756265726e657465732e696f2f736572766963652d6e616d65120377656212310a0931302e36342e312e3512060801100118003208776f726b65722d6142120a040a027a31120a0a08776f726b65722d611a0a0a00120354435018903f2204495076341a002200';

const WEB = {
  metadata: { name: 'web', namespace: 'shop', resourceVersion: '7' },
  spec: { clusterIP: '10.112.0.9', ports: [{ name: 'http', protocol: 'TCP', port: 80 }] },
};

const WEB_1 = {
  metadata: { name: 'web-1', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
  addressType: 'IPv4',
  endpoints: [
    {
      addresses: ['10.64.1.5'],
      conditions: { ready: true, serving: true, terminating: false },
      nodeName: 'worker-a',
      hints: { forZones: [{ name: 'z1' }], forNodes: [{ name: 'worker-a' }] },
    },
  ],
  ports: [{ name: '', protocol: 'TCP', port: 8080 }],
};

test('a service has the bytes of the wire format', (t) => {
  t.is(wrap('v1', 'Service', encodeMessage(SERVICE, WEB)).toString('hex'), SERVICE_HEX);
});

test('an endpoint slice has the bytes of the wire format', (t) => {
  t.is(
    wrap('discovery.k8s.io/v1', 'EndpointSlice', encodeMessage(ENDPOINT_SLICE, WEB_1)).toString('hex'),
    SLICE_HEX,
  );
});

test('a watch frame has the bytes of the wire format', (t) => {
  const bytes = frame('ADDED', wrap('v1', 'Service', encodeMessage(SERVICE, WEB)));
  t.is(bytes.toString('hex'), `000000770a054144444544126e0a6c${SERVICE_HEX}`);
});

test('an envelope comes off as it went on', (t) => {
  const { apiVersion, kind, raw } = unwrap(Buffer.from(SLICE_HEX, 'hex'));
  t.is(apiVersion, 'discovery.k8s.io/v1');
  t.is(kind, 'EndpointSlice');
  t.deepEqual(decodeMessage(ENDPOINT_SLICE, raw)['endpoints'], WEB_1.endpoints);
  t.throws(() => unwrap(Buffer.from('{}')));
});

const RECORDED = new URL('../../../shared/data/api/', import.meta.url);

function recordedJson(file: string): JsonObject {
  const value: unknown = JSON.parse(readFileSync(new URL(file, RECORDED), 'utf8'));
  if (!isObject(value)) throw new Error(`${file} holds no object`);
  return value;
}

/** The real server's bytes, and ours of the JSON that it gave for the same list. */
const sameBytes = test.macro((t, name: string, item: Message) => {
  const json = recordedJson(`${name}.list.json`);
  const schema = message('List', { metadata: nested(LIST_META, 1), items: list(nested(item, 2)) });
  const ours = wrap(String(json['apiVersion']), String(json['kind']), encodeMessage(schema, json));
  t.deepEqual(ours, readFileSync(new URL(`${name}.list.pb`, RECORDED)));
  t.true(listAt(json, 'items').length > 0);
});

test('recorded services: same bytes as the real server', sameBytes, 'services', SERVICE);
test('recorded slices: same bytes as the real server', sameBytes, 'endpointslices', ENDPOINT_SLICE);
test('recorded nodes: same bytes as the real server', sameBytes, 'nodes', NODE);
test('recorded service CIDRs: same bytes as the real server', sameBytes, 'servicecidrs', SERVICE_CIDR);

test('recorded Status: same bytes as the real server', (t) => {
  const json = recordedJson('error-404.json');
  t.deepEqual(
    wrap('v1', 'Status', encodeMessage(STATUS, json)),
    readFileSync(new URL('error-404.pb', RECORDED)),
  );
});
