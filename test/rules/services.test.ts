/** Section 1: which Services are handled. */
import test from 'ava';
import { decides, each } from './flows.ts';
import { FRONTENDS, HTTP, on, service, slice } from './story.ts';

const NOTHING = {
  ...each('client', ['nodePort', 'externalIP', 'vip'], 'none'),
  'client > clusterIP': 'drop',
};

test(
  'SVC-01 what the selectors of the watch hide is ignored when it arrives',
  decides,
  { metadata: { labels: { 'service.kubernetes.io/service-proxy-name': 'mesh' } } },
  NOTHING,
);
test('SVC-02 headless', decides, { spec: { clusterIP: 'None', clusterIPs: ['None'] } }, NOTHING);
test('SVC-03 ExternalName with a cluster IP left over', decides, { spec: { type: 'ExternalName' } }, NOTHING);
test('SVC-03 no cluster IP', decides, { spec: { clusterIP: '', clusterIPs: [] } }, NOTHING);
test(
  'SVC-04 the label alone counts, empty or not',
  decides,
  { metadata: { labels: { 'service.kubernetes.io/service-proxy-name': '' } } },
  NOTHING,
);
test(
  'SVC-05 family listed, cluster IP missing: nothing of that family',
  decides,
  { spec: { ipFamilies: ['IPv6', 'IPv4'], clusterIPs: ['fd00:112::10'], clusterIP: 'fd00:112::10' } },
  NOTHING,
);
test(
  'SVC-05 family not listed',
  decides,
  { spec: { ipFamilies: ['IPv6'], clusterIPs: ['fd00:112::10'], clusterIP: 'fd00:112::10' } },
  NOTHING,
);
test(
  'SVC-05 no families: the cluster IP alone',
  decides,
  { spec: { ipFamilies: [] } },
  each('pod', ['clusterIP'], 'A B'),
);
test(
  'SVC-06 each port is judged alone',
  decides,
  {
    spec: {
      ports: [
        { name: 'http', port: 80 },
        { name: 'alt', port: 81 },
      ],
    },
    slices: [
      slice([on('A')]),
      slice([on('B')], {
        metadata: { namespace: 'shop', name: 'web-2', labels: { 'kubernetes.io/service-name': 'web' } },
        ports: [{ ...HTTP, name: 'alt' }],
      }),
    ],
  },
  { 'pod > 10.112.0.10:80': 'A', 'pod > 10.112.0.10:81': 'B' },
);
test(
  'SVC-07 one number for TCP and UDP',
  decides,
  {
    spec: {
      ports: [
        { name: 'http', port: 80, nodePort: 30080 },
        { name: 'udp', protocol: 'UDP', port: 80, nodePort: 30080 },
      ],
    },
  },
  {
    'pod > clusterIP': 'A B',
    'pod > 10.112.0.10:80/UDP': 'reject',
    'client > 192.0.2.11:30080/UDP': 'reject',
    'client > nodePort': 'A* B*',
  },
);
test(
  'SVC-08 fields that are not read',
  decides,
  {
    spec: {
      loadBalancerClass: 'example.com/lb',
      allocateLoadBalancerNodePorts: false,
      selector: { no: 'pod' },
      ipFamilyPolicy: 'PreferDualStack',
    },
  },
  each('client', ['nodePort', 'externalIP', 'vip'], 'A* B*'),
);
test(
  'SVC-08 node port 0 is no node port',
  decides,
  { spec: { type: 'NodePort', ports: [{ name: 'http', port: 80, nodePort: 0 }] } },
  { 'client > nodePort': 'none', 'client > 192.0.2.11:0': 'none' },
);
test(
  'SVC-09 leading zeros',
  decides,
  {
    spec: {
      clusterIP: '010.112.000.010',
      clusterIPs: ['010.112.000.010'],
      externalIPs: ['198.018.005.010'],
      loadBalancerSourceRanges: ['203.000.113.000/25'],
    },
    ingress: [{ ip: '198.051.100.010' }],
    endpoints: [on('A', undefined, { addresses: ['010.064.001.031'] })],
  },
  { 'pod > clusterIP': 'A', 'client > externalIP': 'A*', 'client > vip': 'A*', 'far-client > vip': 'drop' },
);
test(
  'SVC-10 annotations and trafficDistribution are not read',
  decides,
  {
    metadata: {
      annotations: {
        'service.beta.kubernetes.io/load-balancer-source-ranges': '172.20.0.0/16',
        'service.kubernetes.io/topology-mode': 'Auto',
      },
    },
    spec: { trafficDistribution: 'PreferSameNode' },
  },
  each('client', ['externalIP', 'vip'], 'A* B*'),
);
test(
  'SVC-11 a Service that is being deleted is served',
  decides,
  { metadata: { deletionTimestamp: '2026-11-24T10:00:00Z' } },
  each('pod', FRONTENDS.slice(0, 1), 'A B'),
);
test(
  'SVC-06 one name in two namespaces',
  decides,
  {
    services: [
      service(
        {
          clusterIP: '10.112.0.11',
          clusterIPs: ['10.112.0.11'],
          externalIPs: [],
          ports: [{ name: 'http', port: 80 }],
        },
        { namespace: 'test' },
        [],
      ),
    ],
  },
  { 'pod > clusterIP': 'A B', 'pod > 10.112.0.11:80': 'reject' },
);
