/** Whatever one puts in place of a field: what decodes can be trusted, what does not says which field it was. */
import test from 'ava';
import fc from 'fast-check';
import { decodeObject } from '../../src/api/decode.ts';
import { isFields } from '../../src/api/fields.ts';
import type { ApiObject, EndpointSlice, Service } from '../../src/api/objects.ts';
import { canonicalAddress, familyOf, parseCidr } from '../../src/net/address.ts';

const GOOD: readonly unknown[] = [
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: 'shop', name: 'web', labels: { app: 'web' } },
    spec: {
      type: 'ClusterIP',
      clusterIP: '10.0.0.1',
      clusterIPs: ['10.0.0.1', 'fd00::1'],
      ipFamilies: ['IPv4', 'IPv6'],
      ports: [
        { name: 'a', port: 80, protocol: 'TCP', nodePort: 30080 },
        { name: 'b', port: 80, protocol: 'UDP', nodePort: 30080 },
      ],
      externalIPs: ['198.51.100.7'],
      loadBalancerSourceRanges: ['203.0.113.0/24'],
      internalTrafficPolicy: 'Cluster',
      externalTrafficPolicy: 'Local',
      sessionAffinity: 'ClientIP',
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } },
      healthCheckNodePort: 32000,
    },
    status: { loadBalancer: { ingress: [{ ip: '192.0.2.1', ipMode: 'VIP' }] } },
  },
  {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { namespace: 'shop', name: 'web-1', labels: {} },
    addressType: 'IPv6',
    ports: [{ name: 'a', port: 8080, protocol: 'TCP' }],
    endpoints: [
      {
        addresses: ['fd00::5'],
        conditions: { ready: true },
        nodeName: 'node-1',
        hints: { forZones: [{ name: 'zone-0' }], forNodes: [{ name: 'node-1' }] },
      },
    ],
  },
  {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'node-1' },
    spec: { podCIDRs: ['10.244.1.0/24'] },
    status: { addresses: [{ type: 'InternalIP', address: '192.0.2.1' }] },
  },
];

type Path = readonly (string | number)[];

/** All fields of a value, and all items of its lists. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  const children = Array.isArray(value) ? [...value.entries()] : isFields(value) ? Object.entries(value) : [];
  return [path, ...children.flatMap(([key, child]) => pathsOf(child, [...path, key]))];
}

/** A copy of the value with something else at the path. */
function replaced(value: unknown, path: Path, replacement: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return replacement;
  if (Array.isArray(value))
    return value.map((item, index) => (index === key ? replaced(item, rest, replacement) : item));
  return isFields(value) ? { ...value, [key]: replaced(value[key], rest, replacement) } : value;
}

function isCanonical(address: string): boolean {
  return canonicalAddress(address) === address;
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65535;
}

function isPortOrNone(port: number): boolean {
  return port === 0 || isPort(port);
}

function areDistinct(keys: readonly string[]): boolean {
  return new Set(keys).size === keys.length;
}

function isService(service: Service): boolean {
  const { clusterIP, clusterIPs, externalIPs, loadBalancerIPs, ports } = service;
  const allocated = [clusterIP, ...clusterIPs].filter((address) => !['', 'None'].includes(address));
  const nodePorts = ports.filter(({ nodePort }) => nodePort !== 0);
  return (
    [...allocated, ...externalIPs, ...loadBalancerIPs].every(isCanonical) &&
    ports.every(({ port, nodePort }) => isPort(port) && isPortOrNone(nodePort)) &&
    areDistinct(ports.map(({ port, protocol }) => `${port}/${protocol}`)) &&
    areDistinct(nodePorts.map(({ nodePort, protocol }) => `${nodePort}/${protocol}`)) &&
    ['Cluster', 'Local'].includes(service.internalTrafficPolicy) &&
    ['Cluster', 'Local'].includes(service.externalTrafficPolicy) &&
    ['None', 'ClientIP'].includes(service.sessionAffinity) &&
    service.affinityTimeoutSeconds >= 1 &&
    service.affinityTimeoutSeconds <= 86400 &&
    isPortOrNone(service.healthCheckNodePort)
  );
}

function isSlice({ addressType, endpoints, ports }: EndpointSlice): boolean {
  const first = endpoints.flatMap(({ addresses }) => addresses.slice(0, 1));
  const areHints = endpoints.every(({ zoneHints, nodeHints }) =>
    [zoneHints, nodeHints].every(
      (hints) => hints === undefined || hints.every((it) => typeof it === 'string'),
    ),
  );
  return (
    areHints &&
    ports.every(({ port = 0 }) => isPortOrNone(port)) &&
    (addressType === 'FQDN' ||
      first.every((address) => isCanonical(address) && familyOf(address) === addressType))
  );
}

function isTrustworthy(object: ApiObject): boolean {
  if (object.kind === 'Service') return isService(object);
  if (object.kind === 'EndpointSlice') return isSlice(object);
  const cidrs = object.kind === 'Node' ? object.podCIDRs : object.cidrs;
  const addresses = object.kind === 'Node' ? object.addresses : [];
  return addresses.every(isCanonical) && cidrs.every((cidr) => parseCidr(cidr) !== undefined);
}

test('one or two fields replaced by anything', (t) => {
  const replacement = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      undefined,
      '',
      'None',
      'IPv4',
      'IPv6',
      'FQDN',
      'TCP',
      'ExternalName',
      '10.0.0.1',
      '010.0.0.1',
    ),
    fc.constantFrom<unknown>(
      'FD00::1',
      '::ffff:1.2.3.4',
      '127.0.0.1',
      '10.0.0.0/8',
      0,
      80,
      65536,
      Number.NaN,
      {},
      [],
      true,
    ),
    fc.ipV4(),
    fc.ipV6(),
    fc.anything(),
  );
  const change = fc.tuple(fc.nat(), replacement);
  const seen = { object: 0, errors: 0, ignored: 0 };
  fc.assert(
    fc.property(
      fc.constantFrom(...GOOD),
      fc.array(change, { minLength: 1, maxLength: 2 }),
      (good, changes) => {
        const value = changes.reduce<unknown>((current, [choice, other]) => {
          const paths = pathsOf(good);
          return replaced(current, paths[choice % paths.length] ?? [], other);
        }, good);
        const decoded = decodeObject(value);
        if ('object' in decoded) seen.object++;
        else if ('errors' in decoded) seen.errors++;
        else seen.ignored++;
        return !('object' in decoded) || isTrustworthy(decoded.object);
      },
    ),
    { numRuns: 20_000 },
  );
  t.true(seen.object > 1000 && seen.errors > 1000, JSON.stringify(seen));
});

test('the good ones are good', (t) => {
  for (const value of GOOD) t.true('object' in decodeObject(value));
});
