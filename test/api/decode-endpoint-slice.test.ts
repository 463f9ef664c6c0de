import test, { type ExecutionContext } from 'ava';
import { decoded, errorsOf } from './helpers.ts';

function slice(fields: object): object {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { namespace: 'shop', name: 'web-1' },
    addressType: 'IPv4',
    ...fields,
  };
}

function withAddress(address: unknown, addressType = 'IPv4'): object {
  return { addressType, endpoints: [{ addresses: [address] }] };
}

function reads(t: ExecutionContext, fields: object, expected: object): void {
  t.like(decoded(t, slice(fields)), expected);
}

function refuses(t: ExecutionContext, fields: object, ...errors: string[]): void {
  t.deepEqual(errorsOf(slice(fields)), errors);
}

test('a slice with all fields that are read, and others', (t) => {
  const object = decoded(t, {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { namespace: 'shop', name: 'web-1', labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    ports: [
      { name: 'http', port: 8080, protocol: 'TCP', appProtocol: 'http' },
      { name: '', port: 0, protocol: 'UDP' },
      { port: null },
    ],
    endpoints: [
      {
        addresses: ['10.244.01.5', 'second'],
        conditions: { ready: false, serving: true, terminating: null },
        nodeName: 'node-1',
        targetRef: { kind: 'Pod' },
        zone: 'zone-0',
        hints: { forZones: [{ name: 'zone-0' }, { name: 'zone-1' }], forNodes: [{ name: 'node-1' }] },
      },
      { addresses: [], conditions: null, hints: null },
      {},
    ],
  });
  t.deepEqual(object, {
    kind: 'EndpointSlice',
    namespace: 'shop',
    name: 'web-1',
    labels: { 'kubernetes.io/service-name': 'web' },
    addressType: 'IPv4',
    ports: [
      { name: 'http', port: 8080, protocol: 'TCP' },
      { name: '', port: 0, protocol: 'UDP' },
      { protocol: 'TCP' },
    ],
    endpoints: [
      {
        addresses: ['10.244.1.5', 'second'],
        ready: false,
        serving: true,
        nodeName: 'node-1',
        zoneHints: ['zone-0', 'zone-1'],
        nodeHints: ['node-1'],
      },
      { addresses: [] },
      { addresses: [] },
    ],
  });
});

test('no ports and no endpoints', reads, { ports: null, endpoints: null }, { ports: [], endpoints: [] });
test('IPv6 becomes canonical', reads, withAddress('FD00:0:0::5', 'IPv6'), {
  endpoints: [{ addresses: ['fd00::5'] }],
});
test('a host name in a slice of host names (EP-03)', reads, withAddress('a.example', 'FQDN'), {
  addressType: 'FQDN',
});

for (const hints of [null, {}, { forZones: null }, { forZones: [], forNodes: [] }]) {
  test(`TOP-04 ${JSON.stringify(hints)} is no hint`, (t) => {
    const object = decoded(t, slice({ endpoints: [{ addresses: ['10.0.0.1'], hints }] }));
    t.deepEqual(object.kind === 'EndpointSlice' && object.endpoints, [{ addresses: ['10.0.0.1'] }]);
  });
}
test(
  'TOP-04 a hint without a name is a hint',
  reads,
  { endpoints: [{ hints: { forZones: [{}] } }] },
  {
    endpoints: [{ zoneHints: [''] }],
  },
);
test('hints', refuses, { endpoints: [{ hints: 'zone-0' }] }, 'endpoints[0].hints: "zone-0" is not an object');
test(
  'hints of wrong types',
  refuses,
  { endpoints: [{ hints: { forZones: ['zone-0', { name: 1 }], forNodes: 'x' } }] },
  'endpoints[0].hints.forZones[0]: "zone-0" is not an object',
  'endpoints[0].hints.forZones[1].name: 1 is not a string',
  'endpoints[0].hints.forNodes: "x" is not a list',
);

test('addressType missing', refuses, { addressType: null }, 'addressType: is missing');
test('addressType', refuses, { addressType: 'ipv4' }, 'addressType: "ipv4" is not one of IPv4, IPv6, FQDN');
test('address', refuses, withAddress('10.0.0'), 'endpoints[0].addresses[0]: "10.0.0" is not an IPv4 address');
test('address of a wrong type', refuses, withAddress(10), 'endpoints[0].addresses[0]: 10 is not a string');
test(
  'address of the other family',
  refuses,
  withAddress('fd00::1'),
  'endpoints[0].addresses[0]: "fd00::1" is not an IPv4 address',
);
test(
  'address of the other family, IPv6',
  refuses,
  withAddress('10.0.0.1', 'IPv6'),
  'endpoints[0].addresses[0]: "10.0.0.1" is not an IPv6 address',
);
test(
  'address with a zone',
  refuses,
  withAddress('fd00::1%eth0', 'IPv6'),
  'endpoints[0].addresses[0]: "fd00::1%eth0" is not an IPv6 address',
);
test(
  'endpoint port',
  refuses,
  { ports: [{ port: 65536 }] },
  'ports[0].port: 65536 is not a port (0 to 65535)',
);
test(
  'endpoint protocol',
  refuses,
  { ports: [{ protocol: 'ICMP' }] },
  'ports[0].protocol: "ICMP" is not one of TCP, UDP, SCTP',
);
test(
  'endpoint port name',
  refuses,
  { ports: [{ name: 'A' }] },
  'ports[0].name: "A" is not a DNS label (at most 63 of a-z, 0-9, "-")',
);
test(
  'condition',
  refuses,
  { endpoints: [{ conditions: { ready: 'yes' } }] },
  'endpoints[0].conditions.ready: "yes" is not true or false',
);
test(
  'conditions',
  refuses,
  { endpoints: [{ conditions: [] }] },
  'endpoints[0].conditions: a list is not an object',
);
test('nodeName', refuses, { endpoints: [{}, { nodeName: 1 }] }, 'endpoints[1].nodeName: 1 is not a string');
test('endpoints', refuses, { endpoints: 'x' }, 'endpoints: "x" is not a list');
test('endpoint', refuses, { endpoints: ['10.0.0.1'] }, 'endpoints[0]: "10.0.0.1" is not an object');

const SPECIAL: readonly (readonly [string, string, string])[] = [
  ['0.0.0.0', 'IPv4', 'unspecified'],
  ['127.0.0.1', 'IPv4', 'loopback (127.0.0.0/8)'],
  ['127.255.0.1', 'IPv4', 'loopback (127.0.0.0/8)'],
  ['169.254.169.254', 'IPv4', 'link-local (169.254.0.0/16)'],
  ['224.0.0.1', 'IPv4', 'multicast (224.0.0.0/4)'],
  ['239.255.255.255', 'IPv4', 'multicast (224.0.0.0/4)'],
  ['::', 'IPv6', 'unspecified'],
  ['::1', 'IPv6', 'loopback (::1)'],
  ['fe80::1', 'IPv6', 'link-local (fe80::/10)'],
  ['febf::1', 'IPv6', 'link-local (fe80::/10)'],
  ['ff02::1', 'IPv6', 'multicast (ff00::/8)'],
];

for (const [address, family, range] of SPECIAL) {
  test(
    `${address} is no endpoint`,
    refuses,
    withAddress(address, family),
    `endpoints[0].addresses[0]: ${address} cannot be an endpoint: it is ${range}`,
  );
}

const NEIGHBOURS: readonly (readonly [string, string])[] = [
  ['0.0.0.1', 'IPv4'],
  ['126.255.255.255', 'IPv4'],
  ['128.0.0.0', 'IPv4'],
  ['169.253.255.255', 'IPv4'],
  ['169.255.0.0', 'IPv4'],
  ['223.255.255.255', 'IPv4'],
  ['240.0.0.1', 'IPv4'],
  ['::2', 'IPv6'],
  ['fec0::1', 'IPv6'],
  ['fe7f::1', 'IPv6'],
];

for (const [address, family] of NEIGHBOURS) {
  test(`${address} can be an endpoint`, reads, withAddress(address, family), {
    endpoints: [{ addresses: [address] }],
  });
}
