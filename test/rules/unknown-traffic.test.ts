/** Sections 13 and 14: what matches no service port, and other protocols. */
import test from 'ava';
import type { RawEndpointPort } from '../reference/situation.ts';
import { becomes, decides } from './flows.ts';
import { on, service, slice } from './story.ts';

test(
  'CIP-01 an unknown port of a cluster IP',
  decides,
  {},
  {
    'pod > 10.112.0.10:81': 'reject',
    'node > 10.112.0.10:81': 'reject',
    'client > 10.112.0.10:30080': 'reject',
  },
);
test(
  'CIP-02 for every protocol',
  decides,
  {},
  {
    'pod > 10.112.0.10:80/UDP': 'reject',
    'pod > 10.112.0.10:80/SCTP': 'reject',
    'pod > 10.112.0.10/ICMP': 'reject',
  },
);
test(
  'CIP-03 an unused address of a ServiceCIDR',
  decides,
  {},
  { 'pod > 10.112.9.9:80': 'drop', 'node > 10.112.9.9:53/UDP': 'drop', 'client > 10.112.9.9/ICMP': 'drop' },
);
test(
  'CIP-03 the address of a Service that is left to another proxy',
  decides,
  { metadata: { labels: { 'service.kubernetes.io/service-proxy-name': 'mesh' } } },
  { 'pod > clusterIP': 'drop' },
);
test(
  'CIP-05 without ServiceCIDRs nothing is dropped',
  decides,
  { serviceCIDRs: [] },
  { 'pod > 10.112.9.9:80': 'none', 'pod > 10.112.0.10:81': 'reject' },
);
test(
  'CIP-05 a ServiceCIDR that comes counts at once',
  becomes,
  { serviceCIDRs: [] },
  {},
  { 'pod > 10.112.9.9:80': 'drop' },
);
test('CIP-05 and when it goes', becomes, {}, { serviceCIDRs: [] }, { 'pod > 10.112.9.9:80': 'none' });
test(
  'CIP-06 all of them',
  decides,
  { serviceCIDRs: ['10.112.0.0/16', '10.113.0.0/24'] },
  { 'pod > 10.112.9.9:80': 'drop', 'pod > 10.113.0.9:80': 'drop', 'pod > 10.113.1.9:80': 'none' },
);
test(
  'CIP-06 one of two that hold the same range goes',
  becomes,
  { serviceCIDRs: ['10.112.0.0/16', '10.112.0.0/16'] },
  {},
  { 'pod > 10.112.9.9:80': 'drop' },
);
test('CIP-07 without endpoints', decides, { endpoints: [] }, { 'pod > 10.112.0.10:81': 'reject' });
test(
  'CIP-07 outside every ServiceCIDR',
  decides,
  { serviceCIDRs: ['10.113.0.0/24'] },
  { 'pod > 10.112.0.10:81': 'reject' },
);
test(
  'CIP-08 VIPs, external IPs and node addresses',
  decides,
  {},
  {
    'client > 198.51.100.10:81': 'none',
    'client > 198.18.5.10:81': 'none',
    'client > 192.0.2.11:30081': 'none',
  },
);

const ALIKE = [
  { name: 'http', port: 80, nodePort: 30080 },
  { name: 'udp', protocol: 'UDP', port: 53, nodePort: 30053 },
  { name: 'sctp', protocol: 'SCTP', port: 9900, nodePort: 30099 },
] as const;
const ENDPOINT_PORTS: RawEndpointPort[] = [
  { name: 'http', protocol: 'TCP', port: 8080 },
  { name: 'udp', protocol: 'UDP', port: 8080 },
  { name: 'sctp', protocol: 'SCTP', port: 8080 },
];

test(
  'PRO-01 PRO-02 TCP, UDP and SCTP alike',
  decides,
  {
    spec: { ports: ALIKE },
    slices: [slice([on('A'), on('B')], { ports: ENDPOINT_PORTS })],
  },
  {
    'pod > clusterIP': 'A B',
    'pod > 10.112.0.10:53/UDP': 'A B',
    'pod > 10.112.0.10:9900/SCTP': 'A B',
    'client > 192.0.2.11:30053/UDP': 'A* B*',
    'client > 192.0.2.11:30099/SCTP': 'A* B*',
  },
);
test(
  'PRO-03 other protocols have no frontends',
  decides,
  {},
  { 'client > 198.51.100.10/ICMP': 'none', 'client > 192.0.2.11/ICMP': 'none' },
);
test(
  'ICM-01 an echo request to a cluster IP',
  decides,
  {
    services: [
      service(
        { clusterIP: '10.120.0.1', clusterIPs: ['10.120.0.1'], externalIPs: [], ports: [{ port: 1 }] },
        { name: 'far' },
        [],
      ),
    ],
  },
  { 'pod > 10.112.0.10/ICMP': 'reject', 'node > 10.120.0.1/ICMP': 'reject' },
);
test(
  'ICM-02 to anything else',
  decides,
  {},
  {
    'client > 198.51.100.10/ICMP': 'none',
    'client > 198.18.5.10/ICMP': 'none',
    'client > 192.0.2.11/ICMP': 'none',
    'pod > 10.64.2.31/ICMP': 'none',
  },
);
