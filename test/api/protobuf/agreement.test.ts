/** Objects in JSON and in protobuf decode to the same, and what is wrong with them is wrong in both. */
import test from 'ava';
import fc from 'fast-check';
import { decodeObject, type TypeMeta } from '../../../src/api/decode.ts';
import { describeFieldError } from '../../../src/api/field-errors.ts';
import { decodeMessage } from '../../../src/api/protobuf/decode-message.ts';
import type { JsonObject } from '../../../src/apiserver/objects.ts';
import { encodeMessage } from '../../../src/apiserver/protobuf/encode.ts';
import { ENDPOINT_SLICE } from '../../../src/apiserver/schema/endpoint-slice.ts';
import { NODE } from '../../../src/apiserver/schema/node.ts';
import type { Message } from '../../../src/apiserver/schema/schema.ts';
import { SERVICE } from '../../../src/apiserver/schema/service.ts';
import { SERVICE_CIDR } from '../../../src/apiserver/schema/small-kinds.ts';

/** Mostly the first values, so that objects without any error come up too. */
function mostly<Value>(good: readonly Value[], bad: readonly Value[]): fc.Arbitrary<Value> {
  return fc.oneof(
    { weight: 30, arbitrary: fc.constantFrom(...good) },
    { weight: 1, arbitrary: fc.constantFrom(...bad) },
  );
}

/** Any of the fields may be absent. */
function partly(
  fields: Record<string, fc.Arbitrary<unknown>>,
  required: string[] = [],
): fc.Arbitrary<JsonObject> {
  return fc.record(fields, { requiredKeys: required });
}

function few<Value>(item: fc.Arbitrary<Value>): fc.Arbitrary<Value[]> {
  return fc.array(item, { maxLength: 3 });
}

const name = mostly(['web', 'web-1', 'a.b'], ['', 'Web', 'a/b', 'x'.repeat(300), 'ö']);
const label = mostly(['http', 'dns', 'metrics'], ['', 'HTTP', 'a b', 'y'.repeat(64)]);
const address = mostly(
  ['10.0.0.1', '10.244.1.7', '010.0.0.1', 'fd00::7', 'FD00:0::1', '2001:db8::1:0:0:1'],
  ['127.0.0.1', 'fe80::1', '::', 'pod.example', '', '::ffff:1.2.3.4', '10.0.0', '1.2.3.4.5'],
);
const cidr = mostly(['10.96.0.0/12', 'fd00:10:96::/112', '10.1.2.3/8'], ['10.0.0.0', '10.0.0.0/33', '']);
const port = mostly([80, 8080, 65535], [0, -1, 65536, 2 ** 31 - 1]);
const nodePort = mostly([0, 30080, 30081], [-5, 70000]);
const protocol = mostly(['TCP', 'UDP', 'SCTP'], ['tcp', '']);
const policy = mostly(['Cluster', 'Local'], ['', 'local']);

const metadata = partly(
  {
    name,
    namespace: mostly(['shop', 'default'], ['', 'Shop', 'a.b']),
    resourceVersion: fc.constantFrom('7', '1000'),
    labels: fc.dictionary(
      fc.constantFrom('app', 'kubernetes.io/service-name', '__proto__', 'ä'),
      fc.string(),
    ),
    annotations: fc.dictionary(fc.string(), fc.string()),
    managedFields: fc.constant([{ manager: 'kubectl', operation: 'Update', fieldsV1: { 'f:spec': {} } }]),
  },
  ['name'],
);

const service = partly({
  metadata,
  spec: partly({
    type: mostly(['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'], ['', 'Nodeport']),
    clusterIP: fc.oneof(address, fc.constantFrom('None', '')),
    clusterIPs: few(address),
    ipFamilies: fc.oneof(
      fc.constantFrom([], ['IPv4'], ['IPv6', 'IPv4']),
      few(mostly(['IPv4', 'IPv6'], ['', 'x'])),
    ),
    ports: few(partly({ name: label, protocol, port, nodePort }, ['port'])),
    externalIPs: few(address),
    loadBalancerSourceRanges: few(cidr),
    internalTrafficPolicy: policy,
    externalTrafficPolicy: policy,
    sessionAffinity: mostly(['None', 'ClientIP'], ['', 'ip']),
    sessionAffinityConfig: partly({
      clientIP: partly({ timeoutSeconds: mostly([1, 86400], [0, 86401, -1]) }),
    }),
    healthCheckNodePort: nodePort,
    selector: fc.dictionary(fc.string(), fc.string()),
  }),
  status: partly({
    loadBalancer: partly({
      ingress: few(
        partly({ ip: address, hostname: fc.string(), ipMode: fc.constantFrom('VIP', 'Proxy', '') }),
      ),
    }),
  }),
});

const hints = few(partly({ name: fc.constantFrom('', 'zone-0', 'node-1') }));

const slice = partly({
  metadata,
  addressType: mostly(['IPv4', 'IPv6', 'FQDN'], ['', 'ipv4']),
  ports: few(partly({ name: label, protocol, port })),
  endpoints: few(
    partly({
      addresses: few(address),
      conditions: partly({ ready: fc.boolean(), serving: fc.boolean(), terminating: fc.boolean() }),
      nodeName: fc.constantFrom('', 'node-1', 'knöten'),
      zone: fc.string(),
      hints: partly({ forZones: hints, forNodes: hints }),
    }),
  ),
});

const node = partly({
  metadata,
  spec: partly({ podCIDR: cidr, podCIDRs: few(cidr) }),
  status: partly({
    addresses: few(partly({ type: fc.constantFrom('InternalIP', 'ExternalIP', 'Hostname'), address })),
  }),
});

const serviceCIDR = partly({ metadata, spec: partly({ cidrs: few(cidr) }) });

/** What is wrong, whatever the order; or the object. */
function outcome({ decoded }: { decoded: ReturnType<typeof decodeObject> }): unknown {
  if (!('errors' in decoded)) return decoded;
  return { ...decoded, errors: decoded.errors.map(describeFieldError).toSorted() };
}

interface Kind {
  readonly type: TypeMeta;
  readonly message: Message;
  readonly objects: fc.Arbitrary<JsonObject>;
}

const agrees = test.macro((t, { type, message, objects }: Kind) => {
  const seen = { object: 0, errors: 0 };
  const property = fc.property(objects, (object) => {
    const fromProtobuf = decodeMessage(type, encodeMessage(message, object));
    const expected = outcome({ decoded: decodeObject(object, type) });
    const found = outcome(fromProtobuf);
    if ('object' in fromProtobuf.decoded) seen.object++;
    else seen.errors++;
    t.deepEqual(found, expected);
  });
  fc.assert(property, { numRuns: 3000 });
  t.true(seen.object > 100 && seen.errors > 100, JSON.stringify(seen));
});

test('Service', agrees, { type: { apiVersion: 'v1', kind: 'Service' }, message: SERVICE, objects: service });
test('EndpointSlice', agrees, {
  type: { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' },
  message: ENDPOINT_SLICE,
  objects: slice,
});
test('Node', agrees, { type: { apiVersion: 'v1', kind: 'Node' }, message: NODE, objects: node });
test('ServiceCIDR', agrees, {
  type: { apiVersion: 'networking.k8s.io/v1', kind: 'ServiceCIDR' },
  message: SERVICE_CIDR,
  objects: serviceCIDR,
});

test('another version of a kind is ignored in both', (t) => {
  const type = { apiVersion: 'discovery.k8s.io/v1beta1', kind: 'EndpointSlice' };
  const bytes = encodeMessage(ENDPOINT_SLICE, { metadata: { name: 'web' } });
  t.deepEqual(decodeMessage(type, bytes).decoded, decodeObject({ metadata: { name: 'web' } }, type));
});
