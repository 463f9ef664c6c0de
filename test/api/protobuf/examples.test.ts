/** The byte examples of the spec (wire.md 7). */
import test from 'ava';
import { decodeMessage } from '../../../src/api/protobuf/decode-message.ts';
import { openEnvelope } from '../../../src/api/protobuf/envelope.ts';
import { readList } from '../../../src/api/protobuf/list.ts';
import { readWatchEvent } from '../../../src/api/protobuf/watch-event.ts';

const SERVICE =
  '6b3873000a0d0a02763112075365727669636512530a180a0377656212001a0473686f7022002a003201373800420012330a170a0468747470120354435018502206080010001a0028001a0a31302e3131322e302e3922003a00420052005a00600068001a020a001a002200';
const FRAME = `0a054144444544126e0a6c${SERVICE}`;
const LIST =
  '6b3873000a110a027631120b536572766963654c697374125e0a070a001201391a0012530a180a0377656212001a0473686f7022002a003201373800420012330a170a0468747470120354435018502206080010001a0028001a0a31302e3131322e302e3922003a00420052005a00600068001a020a001a002200';
const SLICE =
  '6b3873000a240a13646973636f766572792e6b38732e696f2f7631120d456e64706f696e74536c6963651283010a3c0a057765622d3112001a0473686f7022002a003200380042005a210a1a6b756265726e657465732e696f2f736572766963652d6e616d65120377656212310a0931302e36342e312e3512060801100118003208776f726b65722d6142120a040a027a31120a0a08776f726b65722d611a0a0a00120354435018903f2204495076341a002200';

const WEB = {
  kind: 'Service',
  namespace: 'shop',
  name: 'web',
  labels: {},
  type: 'ClusterIP',
  clusterIP: '10.112.0.9',
  clusterIPs: [],
  ipFamilies: [],
  ports: [{ name: 'http', protocol: 'TCP', port: 80, nodePort: 0 }],
  externalIPs: [],
  loadBalancerIPs: [],
  loadBalancerSourceRanges: [],
  internalTrafficPolicy: 'Cluster',
  externalTrafficPolicy: 'Cluster',
  sessionAffinity: 'None',
  affinityTimeoutSeconds: 10800,
  healthCheckNodePort: 0,
};

test('a Service', (t) => {
  const { apiVersion, kind, raw } = openEnvelope(Buffer.from(SERVICE, 'hex'));
  t.deepEqual([apiVersion, kind], ['v1', 'Service']);
  t.deepEqual(decodeMessage({ apiVersion, kind }, raw), {
    decoded: { object: WEB },
    resourceVersion: '7',
  } as never);
});

test('a watch event', (t) => {
  const { type, object } = readWatchEvent(Buffer.from(FRAME, 'hex'));
  t.is(type, 'ADDED');
  t.is(Buffer.from(object).toString('hex'), SERVICE);
});

test('a list', (t) => {
  const { apiVersion, kind, raw } = openEnvelope(Buffer.from(LIST, 'hex'));
  t.deepEqual([apiVersion, kind], ['v1', 'ServiceList']);
  const { resourceVersion, continueToken, items } = readList(raw);
  t.deepEqual([resourceVersion, continueToken], ['9', '']);
  const decoded = items.map((item) => decodeMessage({ apiVersion, kind: 'Service' }, item).decoded);
  t.deepEqual(decoded, [{ object: WEB }] as never);
});

test('an EndpointSlice, whose unnamed port has a name', (t) => {
  const envelope = openEnvelope(Buffer.from(SLICE, 'hex'));
  t.deepEqual(decodeMessage(envelope, envelope.raw).decoded, {
    object: {
      kind: 'EndpointSlice',
      namespace: 'shop',
      name: 'web-1',
      labels: { 'kubernetes.io/service-name': 'web' },
      addressType: 'IPv4',
      ports: [{ protocol: 'TCP', name: '', port: 8080 }],
      endpoints: [
        {
          addresses: ['10.64.1.5'],
          ready: true,
          serving: true,
          terminating: false,
          nodeName: 'worker-a',
          zoneHints: ['z1'],
          nodeHints: ['worker-a'],
        },
      ],
    },
  } as never);
});
