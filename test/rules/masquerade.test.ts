/** Section 11: whose source is changed. */
import test from 'ava';
import { decides, each } from './flows.ts';
import { nameless, on } from './story.ts';

const EXTERNAL = ['nodePort', 'externalIP', 'vip'] as const;
const LOCAL = { externalTrafficPolicy: 'Local' };
const ALL = { clusterCIDR: '10.64.0.0/16', nftables: { masqueradeAll: true } };

test(
  'MASQ-02 cluster IP: all but local pods',
  decides,
  {},
  { 'pod > clusterIP': 'A B', 'node > clusterIP': 'A* B*', 'client > clusterIP': 'A* B*' },
);
test(
  'MASQ-03 masqueradeAll: all, but of cluster IPs only',
  decides,
  { config: ALL, spec: LOCAL },
  {
    'pod > clusterIP': 'A* B*',
    'client > clusterIP': 'A* B*',
    ...each('client', EXTERNAL, 'A'),
    ...each('pod', EXTERNAL, 'A B'),
  },
);
test(
  'MASQ-04 no detection: none',
  decides,
  { config: {} },
  {
    'pod > clusterIP': 'A B',
    'node > clusterIP': 'A B',
    'client > clusterIP': 'A B',
    'A > clusterIP': 'A* B',
  },
);
test(
  'MASQ-04 no detection, masqueradeAll: all',
  decides,
  { config: { nftables: { masqueradeAll: true } } },
  { 'pod > clusterIP': 'A* B*', 'client > clusterIP': 'A* B*' },
);
test(
  'MASQ-05 external, Cluster: all',
  decides,
  {},
  {
    ...each('client', EXTERNAL, 'A* B*'),
    ...each('pod', EXTERNAL, 'A* B*'),
    ...each('node', EXTERNAL, 'A* B*'),
  },
);
test('MASQ-06 external, Local: no outsider', decides, { spec: LOCAL }, each('client', EXTERNAL, 'A'));
test('MASQ-07 external, Local: no local pod', decides, { spec: LOCAL }, each('pod', EXTERNAL, 'A B'));
test('MASQ-08 external, Local: the node', decides, { spec: LOCAL }, each('node', EXTERNAL, 'A* B*'));
test(
  'MASQ-09 hairpin: only the endpoint that is the client',
  decides,
  { spec: LOCAL },
  each('A', ['clusterIP', ...EXTERNAL], 'A* B'),
);
test(
  'MASQ-10 hairpin without a node name',
  decides,
  { endpoints: [nameless('A'), on('B')] },
  { 'A > clusterIP': 'A* B' },
);
test(
  'MASQ-12 delivered on this node: the client is seen',
  decides,
  { endpoints: [on('H'), on('B')] },
  { 'client > vip': 'H B*', 'pod > vip': 'H B*', 'client > clusterIP': 'H B*', 'node > vip': 'H* B*' },
);

test(
  'MASQ-13 ClusterCIDR: first of the family',
  decides,
  { config: { clusterCIDR: 'fd00:64::/48,10.64.0.0/16' } },
  { 'pod > clusterIP': 'A B', 'remote-pod > clusterIP': 'A B', 'client > clusterIP': 'A* B*' },
);
test(
  'MASQ-13 ClusterCIDR of the other family only: no detection',
  decides,
  { config: { clusterCIDR: 'fd00:64::/48' } },
  { 'client > clusterIP': 'A B' },
);
test(
  'MASQ-13 NodeCIDR: pods of this node',
  decides,
  { config: { detectLocalMode: 'NodeCIDR' } },
  { 'pod > clusterIP': 'A B', 'remote-pod > clusterIP': 'A* B*' },
);
test(
  'MASQ-13 NodeCIDR of the other family only: no detection',
  decides,
  { config: { detectLocalMode: 'NodeCIDR' }, node: { podCIDRs: ['fd00:64:0:1::/64'] } },
  { 'client > clusterIP': 'A B' },
);
test(
  'MASQ-13 BridgeInterface: by that interface, whatever the source',
  decides,
  { config: { detectLocalMode: 'BridgeInterface', detectLocal: { bridgeInterface: 'cni0' } } },
  {
    'pod-by-cni0 > clusterIP': 'A B',
    'client-by-cni0 > clusterIP': 'A B',
    'pod-by-veth > clusterIP': 'A* B*',
  },
);
test(
  'MASQ-13 InterfaceNamePrefix: the bare prefix included',
  decides,
  { config: { detectLocalMode: 'InterfaceNamePrefix', detectLocal: { interfaceNamePrefix: 'veth' } } },
  { 'pod-by-veth > clusterIP': 'A B', 'pod-by-cni0 > clusterIP': 'A* B*' },
);
test(
  'MASQ-13 InterfaceNamePrefix: and what begins with it',
  decides,
  { config: { detectLocalMode: 'InterfaceNamePrefix', detectLocal: { interfaceNamePrefix: 'cni' } } },
  { 'pod-by-cni0 > clusterIP': 'A B' },
);

const BRIDGE = { detectLocalMode: 'BridgeInterface', detectLocal: { bridgeInterface: 'cni0' } } as const;

test(
  'MASQ-14 the node is no pod, even with a pod address; pods of other nodes are outsiders',
  decides,
  { config: BRIDGE, spec: LOCAL, node: { ips: ['192.0.2.11', '10.64.1.1'] } },
  {
    'node-as-pod > clusterIP': 'A* B*',
    'node-as-pod > vip': 'A* B*',
    'pod-by-eth0 > clusterIP': 'A* B*',
    'pod-by-eth0 > vip': 'A',
  },
);
