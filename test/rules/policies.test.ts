/** Sections 7 and 8: internal and external traffic policy. */
import test from 'ava';
import { decides, each } from './flows.ts';
import { on } from './story.ts';

const EXTERNAL = ['nodePort', 'externalIP', 'vip'] as const;
const INTERNAL_LOCAL = { internalTrafficPolicy: 'Local' };
const EXTERNAL_LOCAL = { externalTrafficPolicy: 'Local' };

test(
  'ITP-01 Local: endpoints of this node',
  decides,
  { spec: INTERNAL_LOCAL, endpoints: [on('A'), on('B'), on('D')] },
  { 'pod > clusterIP': 'A D' },
);
test(
  'ITP-02 Local: never others',
  decides,
  { spec: INTERNAL_LOCAL, endpoints: [on('B')] },
  { 'pod > clusterIP': 'drop' },
);
test(
  'ITP-03 for pods, node and outsiders alike',
  decides,
  { spec: INTERNAL_LOCAL },
  {
    'pod > clusterIP': 'A',
    'remote-pod > clusterIP': 'A',
    'node > clusterIP': 'A*',
    'client > clusterIP': 'A*',
  },
);
test('ITP-03 unset is Cluster', decides, {}, { 'pod > clusterIP': 'A B' });
test('ITP-04 nothing else is touched', decides, { spec: INTERNAL_LOCAL }, each('client', EXTERNAL, 'A* B*'));

for (const source of ['client', 'other-node'] as const) {
  test(
    `ETP-01 ${source} reaches endpoints of this node, and is seen as what it is`,
    decides,
    { spec: EXTERNAL_LOCAL },
    each(source, EXTERNAL, 'A'),
  );
}
test('ETP-02 local pods reach all', decides, { spec: EXTERNAL_LOCAL }, each('pod', EXTERNAL, 'A B'));
test(
  'ETP-02 without detection pods are outsiders',
  decides,
  { spec: EXTERNAL_LOCAL, config: {} },
  each('pod', EXTERNAL, 'A'),
);
test(
  'ETP-02 pods of other nodes too, if the cluster is the range',
  decides,
  { spec: EXTERNAL_LOCAL },
  each('remote-pod', EXTERNAL, 'A B'),
);
test(
  'ETP-03 the node reaches all, masqueraded',
  decides,
  { spec: EXTERNAL_LOCAL },
  each('node', EXTERNAL, 'A* B*'),
);
test(
  'ETP-03 with a VIP of its own as source',
  decides,
  { spec: EXTERNAL_LOCAL, node: { ips: ['192.0.2.11', '198.51.100.10'] } },
  { 'node-as-vip > vip': 'A* B*', 'client > vip': 'A' },
);
test(
  'ETP-04 a node address in the pod range is a pod',
  decides,
  { spec: EXTERNAL_LOCAL, node: { ips: ['192.0.2.11', '10.64.1.1'] } },
  each('node-as-pod', EXTERNAL, 'A B'),
);
test(
  'ETP-05 external IPs of a ClusterIP Service',
  decides,
  { spec: { ...EXTERNAL_LOCAL, type: 'ClusterIP' }, ingress: [] },
  { 'client > externalIP': 'A' },
);
test(
  'ETP-06 ignored on a ClusterIP Service without external IPs',
  decides,
  { spec: { ...EXTERNAL_LOCAL, type: 'ClusterIP', externalIPs: [] } },
  { 'client > vip': 'A* B*' },
);
test(
  'ETP-07 Cluster: everybody reaches all, masqueraded',
  decides,
  { spec: { externalTrafficPolicy: 'Cluster' } },
  {
    ...each('client', EXTERNAL, 'A* B*'),
    ...each('pod', EXTERNAL, 'A* B*'),
    ...each('node', EXTERNAL, 'A* B*'),
  },
);
