/** What a real API server sent in protobuf decodes to the same as what it sent in JSON. */
import test, { type ExecutionContext } from 'ava';
import { type Decoded, decodeObjects, type TypeMeta } from '../../../src/api/decode.ts';
import { decodeMessage } from '../../../src/api/protobuf/decode-message.ts';
import { openEnvelope } from '../../../src/api/protobuf/envelope.ts';
import { readList } from '../../../src/api/protobuf/list.ts';
import { readWatchEvent } from '../../../src/api/protobuf/watch-event.ts';
import { recordedBytes, recordedFrames } from './recorded.ts';

const VERSIONS = new Map<string, string>([
  ['EndpointSliceList', 'discovery.k8s.io/v1'],
  ['ServiceCIDRList', 'networking.k8s.io/v1'],
]);

function lists(t: ExecutionContext, name: string, count: number): void {
  const envelope = openEnvelope(recordedBytes(`${name}.list.pb`));
  const apiVersion = VERSIONS.get(envelope.kind) ?? 'v1';
  t.is(envelope.apiVersion, apiVersion);
  const type: TypeMeta = { apiVersion, kind: envelope.kind.replace(/List$/, '') };
  const list = readList(envelope.raw);
  const json = JSON.parse(recordedBytes(`${name}.list.json`).toString()) as {
    metadata: { resourceVersion: string };
  };
  const fromProtobuf = list.items.map((item) => decodeMessage(type, item).decoded);
  t.is(fromProtobuf.length, count);
  t.true(
    fromProtobuf.every((decoded) => 'object' in decoded),
    JSON.stringify(fromProtobuf),
  );
  t.deepEqual(
    fromProtobuf,
    decodeObjects(json).map(({ decoded }) => decoded),
  );
  t.is(list.resourceVersion, json.metadata.resourceVersion);
}

test('services.list', lists, 'services', 6);
test('endpointslices.list', lists, 'endpointslices', 7);
test('nodes.list', lists, 'nodes', 1);
test('servicecidrs.list', lists, 'servicecidrs', 1);

test('endpointslices.page1 has a token for the next', (t) => {
  const list = readList(openEnvelope(recordedBytes('endpointslices.page1.pb')).raw);
  t.is(list.items.length, 2);
  t.regex(list.continueToken, /^ey/);
});

test('node', (t) => {
  const envelope = openEnvelope(recordedBytes('node.pb'));
  const { decoded } = decodeMessage(envelope, envelope.raw);
  t.like(decoded, { object: { kind: 'Node', name: 'node-1' } } as never);
});

function service(name: string): Decoded | undefined {
  const { raw } = openEnvelope(recordedBytes('services.list.pb'));
  const all = readList(raw).items.map(
    (item) => decodeMessage({ apiVersion: 'v1', kind: 'Service' }, item).decoded,
  );
  return all.find((decoded) => 'object' in decoded && decoded.object.name === name);
}

test('Services with traffic from outside', (t) => {
  t.like(service('web'), { object: { type: 'NodePort', ports: [{ port: 80, nodePort: 30804 }] } } as never);
  t.like(service('pay'), {
    object: {
      type: 'LoadBalancer',
      ports: [{ nodePort: 32543 }],
      loadBalancerIPs: ['198.51.100.20'],
      loadBalancerSourceRanges: ['203.0.113.0/24'],
      externalTrafficPolicy: 'Local',
      healthCheckNodePort: 32675,
    },
  } as never);
  t.like(service('search'), {
    object: { externalIPs: ['198.51.100.7'], sessionAffinity: 'ClientIP', affinityTimeoutSeconds: 10800 },
  } as never);
});

test('the policy that web is given while it is watched', (t) => {
  const policies = recordedFrames('services.watch.pb').flatMap((frame) => {
    const { raw, apiVersion, kind } = openEnvelope(readWatchEvent(frame).object);
    const { decoded } = decodeMessage({ apiVersion, kind }, raw);
    const isWeb = 'object' in decoded && decoded.object.kind === 'Service' && decoded.object.name === 'web';
    return isWeb ? [decoded.object.internalTrafficPolicy] : [];
  });
  t.deepEqual(policies, ['Local']);
});
