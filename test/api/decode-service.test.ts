import test, { type ExecutionContext } from 'ava';
import { decoded, errorsOf } from './helpers.ts';

const METADATA = { namespace: 'shop', name: 'web' };
const SPEC = { clusterIP: '10.96.0.10', ports: [{ port: 80 }] };

const NO_TRAFFIC = {
  externalIPs: [],
  loadBalancerIPs: [],
  loadBalancerSourceRanges: [],
  internalTrafficPolicy: 'Cluster',
  externalTrafficPolicy: 'Cluster',
  sessionAffinity: 'None',
  affinityTimeoutSeconds: 10800,
  healthCheckNodePort: 0,
};

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
      type: 'LoadBalancer',
      clusterIP: '10.96.0.10',
      clusterIPs: ['10.96.0.10', 'FD00::0:A'],
      ipFamilies: ['IPv4', 'IPv6'],
      selector: { app: 'web' },
      ports: [
        { name: 'dns', port: 53, protocol: 'UDP', targetPort: 'dns', nodePort: 30053 },
        { name: 'dns-tcp', port: 53, protocol: 'TCP', nodePort: 30053 },
      ],
      externalIPs: ['198.51.100.007', 'FD00::7'],
      loadBalancerIP: '192.0.2.99',
      loadBalancerSourceRanges: [' 203.0.113.0/24 ', 'any'],
      internalTrafficPolicy: 'Local',
      externalTrafficPolicy: 'Local',
      sessionAffinity: 'ClientIP',
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } },
      healthCheckNodePort: 32000,
      trafficDistribution: 'PreferClose',
    },
    status: { loadBalancer: { ingress: [{ ip: '192.0.2.1', ipMode: 'VIP', ports: [{ port: 53 }] }] } },
  });
  t.deepEqual(object, {
    kind: 'Service',
    namespace: 'shop',
    name: 'web',
    labels: { app: 'web' },
    type: 'LoadBalancer',
    clusterIP: '10.96.0.10',
    clusterIPs: ['10.96.0.10', 'fd00::a'],
    ipFamilies: ['IPv4', 'IPv6'],
    ports: [
      { name: 'dns', protocol: 'UDP', port: 53, nodePort: 30053 },
      { name: 'dns-tcp', protocol: 'TCP', port: 53, nodePort: 30053 },
    ],
    externalIPs: ['198.51.100.7', 'fd00::7'],
    loadBalancerIPs: ['192.0.2.1'],
    loadBalancerSourceRanges: [' 203.0.113.0/24 ', 'any'],
    internalTrafficPolicy: 'Local',
    externalTrafficPolicy: 'Local',
    sessionAffinity: 'ClientIP',
    affinityTimeoutSeconds: 60,
    healthCheckNodePort: 32000,
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
    ports: [{ name: '', protocol: 'TCP', port: 80, nodePort: 0 }],
    ...NO_TRAFFIC,
  },
);
test(
  'null is absent',
  reads,
  {
    type: null,
    clusterIPs: null,
    ipFamilies: null,
    clusterIP: null,
    ports: [{ port: 80, nodePort: null }],
    externalIPs: null,
    loadBalancerSourceRanges: null,
    internalTrafficPolicy: null,
    externalTrafficPolicy: null,
    sessionAffinity: null,
    sessionAffinityConfig: { clientIP: { timeoutSeconds: null } },
    healthCheckNodePort: null,
  },
  {
    type: 'ClusterIP',
    clusterIP: '',
    ports: [{ nodePort: 0 }],
    ...NO_TRAFFIC,
  },
);
test(
  'what is empty in Go is absent',
  reads,
  { externalTrafficPolicy: '', sessionAffinity: '', sessionAffinityConfig: { clientIP: null } },
  NO_TRAFFIC,
);
test(
  'SVC-13 a timeout counts from its config, or is three hours',
  reads,
  { sessionAffinity: 'ClientIP', sessionAffinityConfig: null },
  { sessionAffinity: 'ClientIP', affinityTimeoutSeconds: 10800 },
);
test(
  'SVC-13 a day is the longest timeout',
  reads,
  { sessionAffinityConfig: { clientIP: { timeoutSeconds: 86400 } } },
  { affinityTimeoutSeconds: 86400 },
);
test(
  'VIP-03 external IPs that are no addresses are left out',
  reads,
  { externalIPs: ['web.example', '', '::ffff:1.2.3.4', '192.0.2.0/24', '192.0.2.7'] },
  { externalIPs: ['192.0.2.7'] },
);
test(
  'SVC-09 leading zeros of an external IP are decimal',
  reads,
  { externalIPs: ['192.000.002.010'] },
  { externalIPs: ['192.0.2.10'] },
);
test(
  'one node port with two protocols',
  reads,
  {
    ports: [
      { name: 'a', port: 53, nodePort: 30053 },
      { name: 'b', port: 53, nodePort: 30053, protocol: 'UDP' },
    ],
  },
  { ports: [{ nodePort: 30053 }, { nodePort: 30053 }] },
);

const readsIngress = test.macro((t: ExecutionContext, ingress: unknown, ...expected: string[]) => {
  const status = { loadBalancer: { ingress } };
  t.like(decoded(t, { ...service({}), status }), { loadBalancerIPs: expected });
});

test(
  'VIP-04 ipMode unset',
  readsIngress,
  [{ ip: '192.0.2.1' }, { ip: 'FD00::0:1', ipMode: null }],
  '192.0.2.1',
  'fd00::1',
);
test('VIP-04 ipMode VIP', readsIngress, [{ ip: '192.0.2.01', ipMode: 'VIP' }], '192.0.2.1');
test('VIP-05 ipMode Proxy', readsIngress, [{ ip: '192.0.2.1', ipMode: 'Proxy' }]);
test('VIP-05 any other ipMode', readsIngress, [{ ip: '192.0.2.1', ipMode: '' }]);
test('VIP-05 a host name', readsIngress, [{ hostname: 'lb.example' }, { ip: '', hostname: 'lb.example' }]);
test('VIP-04 an ingress that is no address', readsIngress, [{ ip: 'lb' }, { ip: '192.0.2.2' }], '192.0.2.2');
test('VIP-06 ports are not read', readsIngress, [{ ip: '192.0.2.1', ports: 'x' }], '192.0.2.1');
test('no ingress', readsIngress, null);

const refusesStatus = test.macro((t: ExecutionContext, status: unknown, ...errors: string[]) => {
  t.deepEqual(errorsOf({ ...service({}), status }), errors);
});

test('status', refusesStatus, [], 'status: a list is not an object');
test('loadBalancer', refusesStatus, { loadBalancer: 1 }, 'status.loadBalancer: 1 is not an object');
test(
  'ingress fields of wrong types',
  refusesStatus,
  { loadBalancer: { ingress: [{ ip: 1 }, { ipMode: 2 }, 3] } },
  'status.loadBalancer.ingress[0].ip: 1 is not a string',
  'status.loadBalancer.ingress[1].ipMode: 2 is not a string',
  'status.loadBalancer.ingress[2]: 3 is not an object',
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
  'twin node ports',
  refuses,
  {
    ports: [
      { port: 80, name: 'a', nodePort: 30080 },
      { port: 81, name: 'b', nodePort: 30080 },
    ],
  },
  'spec.ports[1].nodePort: 30080/TCP is the nodePort of ports[0] too',
);
test(
  'nodePort too high',
  refuses,
  { ports: [{ port: 80, nodePort: 70000 }] },
  'spec.ports[0].nodePort: 70000 is not a port (0 to 65535)',
);
test(
  'nodePort as text',
  refuses,
  { ports: [{ port: 80, nodePort: '30080' }] },
  'spec.ports[0].nodePort: "30080" is not a port (0 to 65535)',
);
test(
  'externalIPs type',
  refuses,
  { externalIPs: '192.0.2.1' },
  'spec.externalIPs: "192.0.2.1" is not a list',
);
test('externalIPs item type', refuses, { externalIPs: [7] }, 'spec.externalIPs[0]: 7 is not a string');
test(
  'source range type',
  refuses,
  { loadBalancerSourceRanges: ['10.0.0.0/8', 8] },
  'spec.loadBalancerSourceRanges[1]: 8 is not a string',
);
test(
  'internalTrafficPolicy',
  refuses,
  { internalTrafficPolicy: 'local' },
  'spec.internalTrafficPolicy: "local" is not one of Cluster, Local',
);
test(
  'externalTrafficPolicy',
  refuses,
  { externalTrafficPolicy: 'Global' },
  'spec.externalTrafficPolicy: "Global" is not one of Cluster, Local',
);
test(
  'sessionAffinity',
  refuses,
  { sessionAffinity: true },
  'spec.sessionAffinity: true is not one of None, ClientIP',
);
for (const seconds of [0, -1, 86401, 1.5]) {
  test(
    `SVC-13 a timeout of ${seconds} s`,
    refuses,
    { sessionAffinityConfig: { clientIP: { timeoutSeconds: seconds } } },
    `spec.sessionAffinityConfig.clientIP.timeoutSeconds: ${seconds} is not a whole number from 1 to 86400`,
  );
}
test(
  'sessionAffinityConfig',
  refuses,
  { sessionAffinityConfig: 60 },
  'spec.sessionAffinityConfig: 60 is not an object',
);
test(
  'healthCheckNodePort',
  refuses,
  { healthCheckNodePort: 65536 },
  'spec.healthCheckNodePort: 65536 is not a port (0 to 65535)',
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
  'spec.ports[0].port: 0 is not a port (1 to 65535)',
  'spec.ports[1].protocol: "x" is not one of TCP, UDP, SCTP',
  'spec.type: 1 is not one of ClusterIP, NodePort, LoadBalancer, ExternalName',
  'spec.clusterIP: "x" is not an IP address, "None" or ""',
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
