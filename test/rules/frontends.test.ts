/** Sections 5 and 6: frontends, and where node ports are taken. */
import test from 'ava';
import { decides, each } from './flows.ts';
import { on, service, slice } from './story.ts';

const SOURCES = ['pod', 'remote-pod', 'client', 'node'] as const;

for (const source of SOURCES) {
  const sees = source === 'pod' || source === 'remote-pod' ? 'A B' : 'A* B*';
  test(`VIP-01 cluster IP, from ${source}`, decides, {}, { [`${source} > clusterIP`]: sees });
  test(
    `VIP-02 VIP-03 VIP-04 external frontends, from ${source}`,
    decides,
    {},
    each(source, ['nodePort', 'externalIP', 'vip'], 'A* B*'),
  );
}
test(
  'VIP-03 external IPs of any type of Service, several, and none that is no address',
  decides,
  { spec: { type: 'ClusterIP', externalIPs: ['198.18.5.10', 'gateway', '198.18.5.11'] } },
  each('client', ['198.18.5.10:80', '198.18.5.11:80'], 'A* B*'),
);
test(
  'VIP-03 an address of the node',
  decides,
  { spec: { externalIPs: ['192.0.2.11'] } },
  each('client', ['192.0.2.11:80', 'nodePort'], 'A* B*'),
);
test(
  'VIP-04 several, by ipMode or without, whatever the type',
  decides,
  { spec: { type: 'NodePort' }, ingress: [{ ip: '198.51.100.10', ipMode: 'VIP' }, { ip: '198.51.100.11' }] },
  each('client', ['vip', '198.51.100.11:80'], 'A* B*'),
);
test(
  'VIP-05 ipMode Proxy and host names',
  decides,
  { ingress: [{ ip: '198.51.100.10', ipMode: 'Proxy' }, { hostname: 'lb.example.net' }] },
  { 'pod > vip': 'none', 'client > nodePort': 'A* B*' },
);
test(
  'VIP-06 loadBalancerIP and ports of the status',
  decides,
  {
    spec: { loadBalancerIP: '198.51.100.99' },
    ingress: [{ ip: '198.51.100.10', ports: [{ port: 8443, protocol: 'TCP' }] }],
  },
  { 'client > 198.51.100.99:80': 'none', 'client > vip': 'A* B*', 'client > 198.51.100.10:8443': 'none' },
);
test(
  'VIP-07 two Services on one address',
  decides,
  {
    services: [
      service(
        { clusterIP: '10.112.0.11', clusterIPs: ['10.112.0.11'], ports: [{ name: 'https', port: 443 }] },
        { name: 'tls' },
      ),
    ],
    slices: [
      slice([on('A')]),
      slice([on('B')], {
        metadata: { namespace: 'shop', name: 'tls-1', labels: { 'kubernetes.io/service-name': 'tls' } },
        ports: [{ name: 'https', protocol: 'TCP', port: 8080 }],
      }),
    ],
  },
  {
    'client > vip': 'A*',
    'client > 198.51.100.10:443': 'B*',
    'client > externalIP': 'A*',
    'client > 198.18.5.10:443': 'B*',
  },
);
test(
  'VIP-08 each policy for its frontends',
  decides,
  { spec: { internalTrafficPolicy: 'Local', externalTrafficPolicy: 'Cluster' } },
  { 'pod > clusterIP': 'A', ...each('client', ['nodePort', 'externalIP', 'vip'], 'A* B*') },
);
test(
  'VIP-08 and the other way round',
  decides,
  { spec: { internalTrafficPolicy: 'Cluster', externalTrafficPolicy: 'Local' } },
  { 'pod > clusterIP': 'A B', ...each('client', ['nodePort', 'externalIP', 'vip'], 'A') },
);
test(
  'VIP-09 all else is left alone',
  decides,
  {},
  {
    'pod > 10.64.2.31:8080': 'none', // a pod
    'client > 192.0.2.12:30080': 'none', // another node
    'client > 192.0.2.11:30081': 'none', // another node port
    'client > 198.51.100.10:81': 'none', // another port of the VIP
    'client > 198.18.5.10:81': 'none',
    'client > 192.0.2.11:80': 'none',
    'client > 203.0.113.9:80': 'none',
  },
);
test(
  "VIP-09 the health check port is the node's own",
  decides,
  { spec: { externalTrafficPolicy: 'Local', healthCheckNodePort: 32000 } },
  { 'client > 192.0.2.11:32000': 'none' },
);

const PRIMARY_ONLY = {
  'client > nodePort': 'A* B*',
  'node > nodePort': 'A* B*',
  'client > nodePort-secondary': 'none',
  'loopback > nodePort-loopback': 'none',
};
const EVERYWHERE = {
  'client > nodePort': 'A* B*',
  'client > nodePort-secondary': 'A* B*',
  'loopback > nodePort-loopback': 'none',
  'client > 192.0.2.12:30080': 'none',
};
const BOUND_VIP = { ips: ['192.0.2.11', '192.0.2.211', '198.51.100.10'] };

test('NPA-01 by default on the primary address', decides, {}, PRIMARY_ONLY);
test('NPA-02 primary', decides, { config: { nodePortAddresses: ['primary'] } }, PRIMARY_ONLY);
test(
  'NPA-03 on addresses in the ranges',
  decides,
  { config: { nodePortAddresses: ['192.0.2.200/29', '192.0.2.208/28'] } },
  { 'client > nodePort': 'none', 'client > nodePort-secondary': 'A* B*' },
);
test(
  'NPA-03 on none if the ranges hold none',
  decides,
  { config: { nodePortAddresses: ['172.20.0.0/16'] } },
  { 'client > nodePort': 'none', 'client > nodePort-secondary': 'none', 'client > clusterIP': 'A B' },
);
test(
  'NPA-04 ranges of the other family only',
  decides,
  { config: { nodePortAddresses: ['2001:db8::/32'] } },
  EVERYWHERE,
);
test(
  'NPA-05 a range of everything',
  decides,
  { config: { nodePortAddresses: ['172.20.0.0/16', '0.0.0.0/0'] } },
  EVERYWHERE,
);
test(
  'NPA-06 never on loopback, even if it is listed',
  decides,
  { config: { nodePortAddresses: ['127.0.0.0/8', '192.0.2.11/32'] } },
  PRIMARY_ONLY,
);
test(
  'NPA-07 on none while the node has no address',
  decides,
  { node: { ips: [] } },
  { 'client > nodePort': 'none' },
);
test(
  'NPA-08 the bind address is the primary one',
  decides,
  { config: { bindAddress: '192.0.2.211' } },
  { 'client > nodePort': 'none', 'client > nodePort-secondary': 'A* B*' },
);
test('NPA-08 0.0.0.0 is no bind address', decides, { config: { bindAddress: '0.0.0.0' } }, PRIMARY_ONLY);
test(
  'NPA-09 a VIP that the node holds takes node ports',
  decides,
  { config: { nodePortAddresses: ['0.0.0.0/0'] }, node: BOUND_VIP },
  { 'client > nodePort-vip': 'A* B*', 'client > vip': 'A* B*' },
);
test(
  'NPA-09 but not when the primary address alone does',
  decides,
  { node: BOUND_VIP },
  { 'client > nodePort-vip': 'none', 'client > vip': 'A* B*' },
);
