import fc from 'fast-check';
import type { Endpoint, EndpointSlice, ObjectEvent, Protocol, Service } from '../../src/api/objects.ts';
import { PROTOCOLS } from '../../src/api/objects.ts';
import { service, slice } from './objects.ts';

const SERVICES = ['a', 'b', 'c', 'd', 'e'];
const SLICES = ['s1', 's2', 's3', 's4', 's5', 's6', 's7'];
const PORTS = [
  { name: 'http', port: 80, target: 8080 },
  { name: '', port: 53, target: 5353 },
  { name: 'alt', port: 81, target: 8081 },
];

const proto: fc.Arbitrary<Protocol> = fc.constantFrom(...PROTOCOLS);
const port = fc.record({ port: fc.constantFrom(...PORTS), protocol: proto });

/** Cluster IPs come from a small range, so that Services collide now and then. */
const serviceObject: fc.Arbitrary<Service> = fc
  .record({
    name: fc.constantFrom(...SERVICES),
    host: fc.integer({ min: 1, max: 7 }),
    families: fc.constantFrom(['IPv4'], ['IPv6'], ['IPv4', 'IPv6'], ['IPv6', 'IPv4'], []),
    ports: fc.uniqueArray(port, { maxLength: 3, selector: (it) => `${it.port.port}/${it.protocol}` }),
    type: fc.constantFrom('ClusterIP', 'ClusterIP', 'ClusterIP', 'ExternalName'),
    isForeign: fc.integer({ max: 9, min: 0 }).map((n) => n === 0),
  })
  .map(({ name, host, families, ports, type, isForeign }) => {
    const clusterIPs = families.map((family) => (family === 'IPv6' ? `fd00:96::${host}` : `10.96.0.${host}`));
    const clusterIP = clusterIPs[0] ?? `10.96.0.${host}`;
    return service(name, clusterIP, {
      type,
      clusterIPs: clusterIPs.length === 0 ? [clusterIP] : clusterIPs,
      ipFamilies: families,
      labels: isForeign ? { 'service.kubernetes.io/service-proxy-name': 'other' } : {},
      ports: ports.map((it) => ({ name: it.port.name, protocol: it.protocol, port: it.port.port })),
    });
  });

function endpoint(family: string): fc.Arbitrary<Endpoint> {
  const address = fc
    .integer({ min: 1, max: 40 })
    .map((host) => (family === 'IPv6' ? `fd00:244::${host.toString(16)}` : `10.244.0.${host}`));
  return fc.record(
    {
      addresses: address.map((it) => [it]),
      ready: fc.boolean(),
      serving: fc.boolean(),
      terminating: fc.boolean(),
      nodeName: fc.constantFrom('here', 'there'),
    },
    { requiredKeys: ['addresses'] },
  );
}

const sliceObject: fc.Arbitrary<EndpointSlice> = fc.constantFrom('IPv4', 'IPv6').chain((addressType) =>
  fc
    .record({
      name: fc.constantFrom(...SLICES),
      of: fc.constantFrom(...SERVICES),
      endpoints: fc.array(endpoint(addressType), { maxLength: 12 }),
      ports: fc.uniqueArray(port, { maxLength: 3, selector: (it) => `${it.port.name}/${it.protocol}` }),
    })
    .map(({ name, of, endpoints, ports }) =>
      slice(name, of, endpoints, {
        addressType,
        ports: ports.map((it) => ({ name: it.port.name, protocol: it.protocol, port: it.port.target })),
      }),
    ),
);

const deletion: fc.Arbitrary<ObjectEvent> = fc.oneof(
  fc
    .constantFrom(...SERVICES)
    .map((name) => ({ type: 'delete' as const, kind: 'Service' as const, namespace: 'shop', name })),
  fc
    .constantFrom(...SLICES)
    .map((name) => ({ type: 'delete' as const, kind: 'EndpointSlice' as const, namespace: 'shop', name })),
);

const arrival = fc
  .oneof<fc.Arbitrary<Service | EndpointSlice>[]>(serviceObject, sliceObject, sliceObject)
  .map((object): ObjectEvent => ({ type: 'put', object }));

/** One change in a small cluster. Objects come back with other contents, collide, move and go. */
export const randomEvent: fc.Arbitrary<ObjectEvent> = fc.oneof(
  { arbitrary: arrival, weight: 4 },
  { arbitrary: deletion, weight: 1 },
);

/** Events in rounds, as a source hands them over. */
export function randomRounds(maxRounds: number): fc.Arbitrary<ObjectEvent[][]> {
  return fc.array(fc.array(randomEvent, { maxLength: 6 }), { minLength: 1, maxLength: maxRounds });
}

/** Identity of an event's object: the last event of each object decides what the cluster looks like. */
export function objectKey(event: ObjectEvent): string {
  const { kind, name } = event.type === 'put' ? event.object : event;
  return `${kind}/${name}`;
}
