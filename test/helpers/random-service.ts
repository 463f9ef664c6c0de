import fc from 'fast-check';
import { PROTOCOLS, type Protocol, type Service } from '../../src/api/objects.ts';
import { service } from './objects.ts';

export const SERVICES = ['a', 'b', 'c', 'd', 'e'];

/** Ports that Services have, with what their endpoints listen on. */
export const PORTS = [
  { name: 'http', port: 80, target: 8080 },
  { name: '', port: 53, target: 5353 },
  { name: 'alt', port: 81, target: 8081 },
];

export const protocol: fc.Arbitrary<Protocol> = fc.constantFrom(...PROTOCOLS);

const policy = fc.constantFrom<Service['externalTrafficPolicy']>('Cluster', 'Local');

/** Addresses come from small ranges, so that Services collide now and then, even with a cluster IP. */
const EXTERNAL_IPS = ['198.51.100.1', '198.51.100.2', '10.96.0.1', '2001:db8:5::1', '2001:db8:5::2'];
const LOAD_BALANCER_IPS = ['203.0.113.1', '203.0.113.2', '198.51.100.1', '2001:db8:6::1', '2001:db8:6::2'];
/** Some hold others, some hold the node's address, some are everybody or nobody. */
const SOURCE_RANGES = [
  '192.0.2.0/24',
  '192.0.2.128/25',
  '192.0.2.1/32',
  '10.0.0.0/8',
  '2001:db8::/32',
  '2001:db8:7::/48',
  'fd00::1/128',
  ' 172.16.0.0/12 ',
  'nonsense',
];

const port = fc.record({
  of: fc.constantFrom(...PORTS),
  protocol,
  nodePort: fc.constantFrom(0, 0, 30000, 30001, 30002),
});

/** Nearly always without traffic from outside, or often with some: both kinds of Service are common. */
const outside = fc.oneof(
  fc.constant({ externalIPs: [], loadBalancerIPs: [], loadBalancerSourceRanges: [] }),
  fc.record({
    externalIPs: fc.subarray(EXTERNAL_IPS),
    loadBalancerIPs: fc.subarray(LOAD_BALANCER_IPS),
    loadBalancerSourceRanges: fc.oneof(
      fc.subarray(SOURCE_RANGES),
      fc.subarray(SOURCE_RANGES),
      fc.constant(['10.0.0.0/8', '0.0.0.0/0', '::/0']),
    ),
  }),
);

const traffic = fc.record({
  internalTrafficPolicy: policy,
  externalTrafficPolicy: policy,
  sessionAffinity: fc.constantFrom<Service['sessionAffinity']>('None', 'ClientIP'),
  affinityTimeoutSeconds: fc.constantFrom(1, 90, 10_800, 86_400),
  healthCheckNodePort: fc.constantFrom(0, 32_000),
});

export const serviceObject: fc.Arbitrary<Service> = fc
  .record({
    name: fc.constantFrom(...SERVICES),
    host: fc.integer({ min: 1, max: 7 }),
    families: fc.constantFrom(['IPv4'], ['IPv6'], ['IPv4', 'IPv6'], ['IPv6', 'IPv4'], []),
    ports: fc.uniqueArray(port, { maxLength: 3, selector: (it) => `${it.of.port}/${it.protocol}` }),
    type: fc.constantFrom('ClusterIP', 'NodePort', 'LoadBalancer', 'LoadBalancer', 'ExternalName'),
    isForeign: fc.integer({ max: 9, min: 0 }).map((n) => n === 0),
    outside,
    traffic,
  })
  .map(({ name, host, families, ports, type, isForeign, outside, traffic }) => {
    const clusterIPs = families.map((family) => (family === 'IPv6' ? `fd00:96::${host}` : `10.96.0.${host}`));
    const clusterIP = clusterIPs[0] ?? `10.96.0.${host}`;
    return service(name, clusterIP, {
      type,
      clusterIPs: clusterIPs.length === 0 ? [clusterIP] : clusterIPs,
      ipFamilies: families,
      labels: isForeign ? { 'service.kubernetes.io/service-proxy-name': 'other' } : {},
      ports: ports.map(({ of, protocol, nodePort }) => ({
        name: of.name,
        protocol,
        port: of.port,
        nodePort,
      })),
      ...outside,
      ...traffic,
    });
  });
