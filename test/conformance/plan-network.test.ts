import test from 'ava';
import { arrivalOf, planNetwork } from '../../src/conformance/node/plan-network.ts';
import { POD_FLOW, VECTOR, vectorOf } from './vector.ts';

const EXTERNAL = { ...POD_FLOW, origin: 'external', sourceIP: '203.0.113.5' };

function interfacesOf(fields: object): [string, string] {
  const { pods, uplink } = planNetwork(vectorOf(fields));
  return [pods, uplink];
}

test('the node has its addresses on the uplink, and its pods behind another interface', (t) => {
  const { interfaces } = planNetwork(
    vectorOf({ node: { ...VECTOR.node, podCIDRs: ['10.1.1.0/24', 'fd00:1::/64'] } }),
  );
  const [uplink] = planNetwork(vectorOf({})).interfaces;
  t.deepEqual(uplink?.routes, ['0.0.0.0/0'], 'a kernel may be without the other family');
  t.deepEqual(interfaces, [
    { name: 'eth0', addresses: ['192.0.2.1', '192.0.2.2'], routes: ['0.0.0.0/0', '::/0'] },
    { name: 'cni0', addresses: [], routes: ['10.1.1.0/24', 'fd00:1::/64'] },
  ]);
});

test('interfaces have the names that flows give them', (t) => {
  const flows = [
    { ...POD_FLOW, inInterface: 'br-pods' },
    { ...EXTERNAL, inInterface: 'ens3' },
    { ...POD_FLOW, inInterface: 'br-other' },
  ];
  t.deepEqual(interfacesOf({ flows }), ['br-pods', 'ens3']);
  const vector = vectorOf({ flows });
  const plan = planNetwork(vector);
  t.deepEqual(
    plan.interfaces.map(({ name }) => name),
    ['ens3', 'br-pods', 'br-other'],
  );
  t.deepEqual(
    vector.flows.map((flow) => arrivalOf(flow, plan)),
    [1, 0, 2],
  );
});

test('a step of a sequence names interfaces too', (t) => {
  const steps = [{ ...POD_FLOW, inInterface: 'lan7', expect: { anyOf: ['10.1.1.5:8080'] } }];
  t.deepEqual(interfacesOf({ sequences: [{ name: 's', steps }] }), ['lan7', 'eth0']);
});

test('without a name in the flows, the proxy takes the pods interface for one of pods and the uplink not', (t) => {
  const bridge = (name: string) => ({
    config: { detectLocalMode: 'BridgeInterface', detectLocal: { bridgeInterface: name } },
  });
  const prefix = (text: string) => ({
    config: { detectLocalMode: 'InterfaceNamePrefix', detectLocal: { interfaceNamePrefix: text } },
  });
  t.deepEqual(interfacesOf(bridge('docker0')), ['docker0', 'eth0']);
  t.deepEqual(interfacesOf(prefix('veth')), ['veth0', 'eth0']);
  t.deepEqual(interfacesOf(prefix('e')), ['e0', 'uplink0']);
  t.deepEqual(interfacesOf(prefix('exactly15bytes_')), ['exactly15bytes_', 'eth0']);
});

test('one interface may be that of pods and of others', (t) => {
  const flows = [
    { ...POD_FLOW, inInterface: 'eth0' },
    { ...EXTERNAL, inInterface: 'eth0' },
  ];
  const vector = vectorOf({ flows });
  const plan = planNetwork(vector);
  t.is(plan.pods, 'eth0');
  t.not(plan.uplink, 'eth0');
  t.deepEqual(
    vector.flows.map((flow) => plan.interfaces[arrivalOf(flow, plan) ?? -1]?.name),
    ['eth0', 'eth0'],
  );
});

test('what a process of the node sends arrives nowhere', (t) => {
  const [flow] = vectorOf({ flows: [{ ...POD_FLOW, origin: 'node' }] }).flows;
  t.is(flow && arrivalOf(flow, planNetwork(vectorOf({}))), undefined);
});
