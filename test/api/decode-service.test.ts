import test, { type ExecutionContext } from 'ava';
import { decoded, errorsOf } from './helpers.ts';

const METADATA = { namespace: 'shop', name: 'web' };
const SPEC = { clusterIP: '10.96.0.10', ports: [{ port: 80 }] };

function service(spec: object, metadata: object = METADATA): object {
  return { apiVersion: 'v1', kind: 'Service', metadata, spec: { ...SPEC, ...spec } };
}

function reads(t: ExecutionContext, spec: object, expected: object): void {
  const object = decoded(t, service(spec));
  t.like(object, expected);
}

function refuses(t: ExecutionContext, spec: object, ...errors: string[]): void {
  t.deepEqual(errorsOf(service(spec)), errors);
}

test('a Service with all fields that are read, and others', (t) => {
  const object = decoded(t, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: 'shop', name: 'web', labels: { app: 'web' }, uid: 'x' },
    spec: {
      type: 'NodePort',
      clusterIP: '10.96.0.10',
      clusterIPs: ['10.96.0.10', 'FD00::0:A'],
      ipFamilies: ['IPv4', 'IPv6'],
      selector: { app: 'web' },
      ports: [
        { name: 'dns', port: 53, protocol: 'UDP', targetPort: 'dns' },
        { name: 'dns-tcp', port: 53, protocol: 'TCP' },
      ],
    },
    status: { loadBalancer: {} },
  });
  t.deepEqual(object, {
    kind: 'Service',
    namespace: 'shop',
    name: 'web',
    labels: { app: 'web' },
    type: 'NodePort',
    clusterIP: '10.96.0.10',
    clusterIPs: ['10.96.0.10', 'fd00::a'],
    ipFamilies: ['IPv4', 'IPv6'],
    ports: [
      { name: 'dns', protocol: 'UDP', port: 53 },
      { name: 'dns-tcp', protocol: 'TCP', port: 53 },
    ],
  });
});

test(
  'defaults',
  reads,
  {},
  {
    type: 'ClusterIP',
    labels: {},
    clusterIPs: [],
    ipFamilies: [],
    ports: [{ name: '', protocol: 'TCP', port: 80 }],
  },
);
test(
  'null is absent',
  reads,
  { type: null, clusterIPs: null, ipFamilies: null, clusterIP: null },
  {
    type: 'ClusterIP',
    clusterIP: '',
  },
);
test(
  'leading zeros are decimal (SVC-09)',
  reads,
  { clusterIP: '010.096.0.010' },
  { clusterIP: '10.96.0.10' },
);
test(
  'headless needs no ports',
  reads,
  { clusterIP: 'None', clusterIPs: ['None'], ipFamilies: ['IPv6'], ports: [] },
  {
    clusterIP: 'None',
  },
);
test(
  'ExternalName needs no ports',
  reads,
  { type: 'ExternalName', clusterIP: '', ports: null },
  { ports: [] },
);
test(
  'one number with two protocols (SVC-07)',
  reads,
  { ports: [{ port: 53 }, { name: 'u', port: 53, protocol: 'UDP' }] },
  {
    ports: [{ protocol: 'TCP' }, { protocol: 'UDP' }],
  },
);
test(
  'a third protocol',
  reads,
  { ports: [{ port: 1, protocol: 'SCTP' }] },
  { ports: [{ protocol: 'SCTP' }] },
);

test(
  'port too high',
  refuses,
  { ports: [{ port: 70000 }] },
  'spec.ports[0].port: 70000 is not a port (1 to 65535)',
);
test('port 0', refuses, { ports: [{ port: 0 }] }, 'spec.ports[0].port: 0 is not a port (1 to 65535)');
test('port -1', refuses, { ports: [{ port: -1 }] }, 'spec.ports[0].port: -1 is not a port (1 to 65535)');
test('port 1.5', refuses, { ports: [{ port: 1.5 }] }, 'spec.ports[0].port: 1.5 is not a port (1 to 65535)');
test(
  'port as text',
  refuses,
  { ports: [{ port: '80' }] },
  'spec.ports[0].port: "80" is not a port (1 to 65535)',
);
test('port missing', refuses, { ports: [{}] }, 'spec.ports[0].port: is missing');
test('no ports', refuses, { ports: [] }, 'spec.ports: is missing');
test('ports null', refuses, { ports: null }, 'spec.ports: is missing');
test('ports an object', refuses, { ports: {} }, 'spec.ports: an object is not a list');
test('port no object', refuses, { ports: [80] }, 'spec.ports[0]: 80 is not an object');
test('port null', refuses, { ports: [null] }, 'spec.ports[0]: null is not an object');
test(
  'protocol',
  refuses,
  { ports: [{ port: 1, protocol: 'tcp' }] },
  'spec.ports[0].protocol: "tcp" is not one of TCP, UDP, SCTP',
);
test(
  'protocol as number',
  refuses,
  { ports: [{ port: 1, protocol: 6 }] },
  'spec.ports[0].protocol: 6 is not one of TCP, UDP, SCTP',
);
test(
  'port name',
  refuses,
  { ports: [{ port: 1, name: 'a b' }] },
  'spec.ports[0].name: "a b" is not a DNS label (at most 63 of a-z, 0-9, "-")',
);
test(
  'port name of a wrong type',
  refuses,
  { ports: [{ port: 1, name: [] }] },
  'spec.ports[0].name: a list is not a string',
);
test(
  'twin numbers',
  refuses,
  {
    ports: [
      { port: 80, name: 'a' },
      { port: 80, name: 'b' },
    ],
  },
  'spec.ports[1].port: 80/TCP is the port of ports[0] too',
);
test(
  'twin names',
  refuses,
  {
    ports: [
      { port: 80, name: 'a' },
      { port: 81, name: 'a' },
    ],
  },
  'spec.ports[1].name: "a" is the name of ports[0] too',
);
test(
  'two unnamed',
  refuses,
  { ports: [{ port: 80 }, { port: 81 }] },
  'spec.ports[1].name: "" is the name of ports[0] too',
);
test(
  'clusterIP',
  refuses,
  { clusterIP: '10.96.0' },
  'spec.clusterIP: "10.96.0" is not an IP address, "None" or ""',
);
test(
  'clusterIP mapped',
  refuses,
  { clusterIP: '::ffff:1.2.3.4' },
  'spec.clusterIP: "::ffff:1.2.3.4" is not an IP address, "None" or ""',
);
test(
  'clusterIPs item',
  refuses,
  { clusterIPs: ['10.96.0.1', 'x'] },
  'spec.clusterIPs[1]: "x" is not an IP address, "None" or ""',
);
test('clusterIPs item type', refuses, { clusterIPs: [1] }, 'spec.clusterIPs[0]: 1 is not a string');
test(
  'ipFamilies word',
  refuses,
  { ipFamilies: ['IPv5'] },
  'spec.ipFamilies[0]: "IPv5" is not one of IPv4, IPv6',
);
test(
  'ipFamilies twice',
  refuses,
  { ipFamilies: ['IPv4', 'IPv4'] },
  'spec.ipFamilies[1]: IPv4 is in the list twice',
);
test(
  'family and address',
  refuses,
  { ipFamilies: ['IPv6'], clusterIPs: ['10.96.0.1'] },
  'spec.clusterIPs[0]: "10.96.0.1" is not an IPv6 address (ipFamilies[0])',
);
test(
  'type',
  refuses,
  { type: 'Nodeport' },
  'spec.type: "Nodeport" is not one of ClusterIP, NodePort, LoadBalancer, ExternalName',
);
test(
  'all errors of an object',
  refuses,
  { type: 1, clusterIP: 'x', ports: [{ port: 0 }, { port: 1, protocol: 'x' }] },
  'spec.type: 1 is not one of ClusterIP, NodePort, LoadBalancer, ExternalName',
  'spec.clusterIP: "x" is not an IP address, "None" or ""',
  'spec.ports[0].port: 0 is not a port (1 to 65535)',
  'spec.ports[1].protocol: "x" is not one of TCP, UDP, SCTP',
  'spec.ports[1].name: "" is the name of ports[0] too',
);

function refusesMetadata(t: ExecutionContext, metadata: unknown, ...errors: string[]): void {
  t.deepEqual(errorsOf({ apiVersion: 'v1', kind: 'Service', metadata, spec: SPEC }), errors);
}

const NO_NAME = 'is not a DNS name (at most 253 of a-z, 0-9, "-", ".")';

test('no metadata', refusesMetadata, undefined, 'metadata.name: is missing');
test('metadata of a wrong type', refusesMetadata, 'x', 'metadata: "x" is not an object');
test('no name', refusesMetadata, { namespace: 'a' }, 'metadata.name: is missing');
test('empty name', refusesMetadata, { name: '' }, 'metadata.name: is missing');
test('name as number', refusesMetadata, { name: 7 }, 'metadata.name: 7 is not a string');
test('name with a slash', refusesMetadata, { name: 'a/b' }, `metadata.name: "a/b" ${NO_NAME}`);
test('name with a line', refusesMetadata, { name: 'a\nb' }, `metadata.name: "a\\nb" ${NO_NAME}`);
test(
  'namespace',
  refusesMetadata,
  { name: 'a', namespace: 'A' },
  'metadata.namespace: "A" is not a DNS label (at most 63 of a-z, 0-9, "-")',
);
test(
  'label type',
  refusesMetadata,
  { name: 'a', labels: { 'x/y': 1, ok: 'a' } },
  'metadata.labels["x/y"]: 1 is not a string',
);
test('labels type', refusesMetadata, { name: 'a', labels: [] }, 'metadata.labels: a list is not an object');

test('a null label is there, and empty (SVC-04)', (t) => {
  const object = decoded(t, service({}, { name: 'a', labels: { x: null, y: 'z' } }));
  t.like(object, { labels: { x: '', y: 'z' } });
});

test('without a namespace it is in "default"', (t) => {
  for (const namespace of [undefined, null, '']) {
    t.like(decoded(t, service({}, { name: 'a', namespace })), { namespace: 'default' });
  }
});

test('a long value is shown in part', (t) => {
  const [error = ''] = errorsOf(service({ clusterIP: 'x'.repeat(10_000) }));
  t.true(error.length < 200, error);
});
