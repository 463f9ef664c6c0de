import test, { type ExecutionContext } from 'ava';
import type { Node, ObjectEvent, ServiceCIDR } from '../../src/api/objects.ts';
import { readProxyConfig } from '../../src/config/read-proxy-config.ts';
import type { NodeSettings } from '../../src/forwarding/node-settings.ts';
import type { Family } from '../../src/net/address.ts';
import { NodeState } from '../../src/node/node-state.ts';
import { service } from '../helpers/objects.ts';

const NODE: Node = {
  kind: 'Node',
  name: 'worker-a',
  labels: { 'topology.kubernetes.io/zone': 'zone-1' },
  podCIDRs: ['10.244.1.0/24', 'fd00:244:1::/64', '10.244.9.0/24'],
  addresses: ['192.0.2.11', '2001:db8::11', '192.0.2.12'],
};

function put(object: Node | ServiceCIDR): ObjectEvent {
  return { type: 'put', object };
}

function serviceCIDR(name: string, ...cidrs: readonly string[]): ServiceCIDR {
  return { kind: 'ServiceCIDR', name, cidrs };
}

function stateOf(fields: object, ...objects: readonly (Node | ServiceCIDR)[]): NodeState {
  const state = new NodeState(readProxyConfig(fields, 'worker-a'));
  for (const object of objects) state.take(put(object));
  return state;
}

test('before the Node object is known only the name is', (t) => {
  const state = stateOf({});
  t.deepEqual(state.thisNode('IPv4'), { name: 'worker-a', zone: undefined, primaryAddress: undefined });
});

test('TOP-10 NODE-03 zone and primary address of each family', (t) => {
  const state = stateOf({}, NODE);
  t.deepEqual(state.thisNode('IPv4'), { name: 'worker-a', zone: 'zone-1', primaryAddress: '192.0.2.11' });
  t.deepEqual(state.thisNode('IPv6'), { name: 'worker-a', zone: 'zone-1', primaryAddress: '2001:db8::11' });
});

test('TOP-06 an empty zone label is no zone', (t) => {
  const labels = { 'topology.kubernetes.io/zone': '' };
  t.is(stateOf({}, { ...NODE, labels }).thisNode('IPv4').zone, undefined);
});

test('NODE-06 NPA-08 the bind address is the primary one of its family', (t) => {
  const state = stateOf({ bindAddress: '192.0.2.99' }, NODE);
  t.is(state.thisNode('IPv4').primaryAddress, '192.0.2.99');
  t.is(state.thisNode('IPv6').primaryAddress, '2001:db8::11');
});

test('NODE-02 other nodes are not ours', (t) => {
  const state = stateOf({});
  t.false(state.take(put({ ...NODE, name: 'worker-b' })));
  t.is(state.thisNode('IPv4').primaryAddress, undefined);
});

test('NODE-10 the node is still there when its object goes', (t) => {
  const state = stateOf({}, NODE);
  t.false(state.take({ type: 'delete', kind: 'Node', namespace: '', name: 'worker-a' }));
  t.is(state.thisNode('IPv4').zone, 'zone-1');
});

test('it tells whether an object is its business', (t) => {
  const state = stateOf({});
  t.true(state.take(put(NODE)));
  t.true(state.take(put(serviceCIDR('kubernetes', '10.96.0.0/16'))));
  t.true(state.take({ type: 'delete', kind: 'ServiceCIDR', namespace: '', name: 'kubernetes' }));
  t.false(state.take({ type: 'delete', kind: 'ServiceCIDR', namespace: '', name: 'kubernetes' }));
  t.false(state.take({ type: 'put', object: service('web', '10.96.0.1') }));
  t.false(state.take({ type: 'delete', kind: 'Service', namespace: 'shop', name: 'web' }));
});

/** Asserts how pods of this node are told from others, in one family. */
const tellsPods = test.macro(
  (t: ExecutionContext, fields: object, family: Family, expected: NodeSettings['localPods']) => {
    t.deepEqual(stateOf(fields, NODE).settings(family).localPods, expected);
  },
);

const BOTH = { clusterCIDR: '10.244.0.0/16,fd00:244::/48' };

test('MASQ-13 by a cluster CIDR of the family', tellsPods, BOTH, 'IPv6', {
  by: 'source',
  cidr: { family: 'IPv6', address: 'fd00:244::', prefixLength: 48 },
});
test('MASQ-13 no cluster CIDR of the family', tellsPods, { clusterCIDR: '10.244.0.0/16' }, 'IPv6', undefined);
test('MASQ-13 by the first pod CIDR of the family', tellsPods, { detectLocalMode: 'NodeCIDR' }, 'IPv4', {
  by: 'source',
  cidr: { family: 'IPv4', address: '10.244.1.0', prefixLength: 24 },
});
test(
  'MASQ-13 by a bridge',
  tellsPods,
  { detectLocalMode: 'BridgeInterface', detectLocal: { bridgeInterface: 'cni0' } },
  'IPv6',
  { by: 'interface', name: 'cni0', isPrefix: false },
);
test(
  'MASQ-13 by the beginning of an interface name',
  tellsPods,
  { detectLocalMode: 'InterfaceNamePrefix', detectLocal: { interfaceNamePrefix: 'veth' } },
  'IPv4',
  { by: 'interface', name: 'veth', isPrefix: true },
);

test('NODE-08 pod CIDRs are followed', (t) => {
  const state = stateOf({ detectLocalMode: 'NodeCIDR' });
  t.is(state.settings('IPv4').localPods, undefined);
  state.take(put({ ...NODE, podCIDRs: ['10.244.2.0/24'] }));
  t.like(state.settings('IPv4').localPods, { cidr: { address: '10.244.2.0' } });
});

test('CIP-05 CIP-06 all CIDRs of all ServiceCIDRs count, each in its family', (t) => {
  const first = serviceCIDR('first', '10.96.0.0/16', 'fd00:96::/112');
  const state = stateOf({}, first, serviceCIDR('second', '10.97.0.0/16', '10.96.0.0/16'));
  const ranges = (family: Family): string[] =>
    state.settings(family).serviceCIDRs.map(({ address }) => address);
  t.deepEqual(ranges('IPv4'), ['10.96.0.0', '10.97.0.0', '10.96.0.0']);
  t.deepEqual(ranges('IPv6'), ['fd00:96::']);
  state.take({ type: 'delete', kind: 'ServiceCIDR', namespace: '', name: 'first' });
  t.deepEqual(ranges('IPv4'), ['10.97.0.0', '10.96.0.0']);
  t.deepEqual(ranges('IPv6'), []);
});

test('MASQ-03 masqueradeAll holds in both families', (t) => {
  const state = stateOf({ nftables: { masqueradeAll: true } });
  t.true(state.settings('IPv4').masqueradeAll && state.settings('IPv6').masqueradeAll);
});

test('NPA-02 NPA-07 node ports are served on the primary address while the host has it', (t) => {
  const state = stateOf({}, NODE);
  t.deepEqual(state.settings('IPv4').nodePortAddresses, []);
  t.regex(state.nodePortWarning('IPv4') ?? '', /192\.0\.2\.11 is on no interface/);
  state.takeAddresses(['127.0.0.1', '192.0.2.11', '192.0.2.12']);
  t.deepEqual(state.hostAddresses, ['127.0.0.1', '192.0.2.11', '192.0.2.12']);
  t.deepEqual(state.settings('IPv4').nodePortAddresses, ['192.0.2.11']);
  t.is(state.nodePortWarning('IPv4'), undefined);
  t.regex(state.nodePortWarning('IPv6') ?? '', /2001:db8::11 is on no interface/);
});

test('NPA-04 ranges of one family leave the other unrestricted', (t) => {
  const state = stateOf({ nodePortAddresses: ['192.0.2.12/32'] }, NODE);
  state.takeAddresses(['192.0.2.11', '192.0.2.12']);
  t.deepEqual(state.settings('IPv4').nodePortAddresses, ['192.0.2.12']);
  t.is(state.settings('IPv6').nodePortAddresses, 'any');
});
