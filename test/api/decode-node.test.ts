import test, { type ExecutionContext } from 'ava';
import { decoded, errorsOf } from './helpers.ts';

function node(spec: unknown, status: unknown): object {
  return { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' }, spec, status };
}

function refuses(t: ExecutionContext, spec: unknown, status: unknown, ...errors: string[]): void {
  t.deepEqual(errorsOf(node(spec, status)), errors);
}

test('addresses: InternalIP first, then ExternalIP, each in order (NODE-03)', (t) => {
  const object = decoded(t, {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'node-1', namespace: 'ignored', labels: { zone: 'a' } },
    spec: { podCIDR: '10.244.1.0/24', podCIDRs: ['10.244.1.7/24', 'FD00:1::/64'], taints: [] },
    status: {
      addresses: [
        { type: 'Hostname', address: 'node-1' },
        { type: 'ExternalIP', address: '203.0.113.1' },
        { type: 'InternalIP', address: '192.0.2.1' },
        { type: 'InternalIP', address: 'FD00::1' },
        { type: 'InternalIP', address: 'not-an-address' },
        { type: 'ExternalDNS', address: '192.0.2.9' },
      ],
    },
  });
  t.deepEqual(object, {
    kind: 'Node',
    name: 'node-1',
    labels: { zone: 'a' },
    podCIDRs: ['10.244.1.0/24', 'fd00:1::/64'],
    addresses: ['192.0.2.1', 'fd00::1', '203.0.113.1'],
  });
});

test('a Node that is just registered', (t) => {
  t.like(decoded(t, node(undefined, null)), { podCIDRs: [], addresses: [] });
});

test('podCIDR alone', (t) => {
  t.like(decoded(t, node({ podCIDR: '10.244.1.0/24' }, {})), { podCIDRs: ['10.244.1.0/24'] });
});

test(
  'podCIDRs',
  refuses,
  { podCIDRs: ['10.244.1.0/33'] },
  {},
  'spec.podCIDRs[0]: "10.244.1.0/33" is not a CIDR such as 10.244.1.0/24',
);
test('podCIDR', refuses, { podCIDR: 'x' }, {}, 'spec.podCIDR: "x" is not a CIDR such as 10.244.1.0/24');
test('spec', refuses, 'x', {}, 'spec: "x" is not an object');
test('addresses', refuses, {}, { addresses: {} }, 'status.addresses: an object is not a list');
test(
  'address',
  refuses,
  {},
  { addresses: [{ type: 'InternalIP', address: 1 }] },
  'status.addresses[0].address: 1 is not a string',
);
test(
  'address type',
  refuses,
  {},
  { addresses: [{ type: true, address: '1.2.3.4' }] },
  'status.addresses[0].type: true is not a string',
);
