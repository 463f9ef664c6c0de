import fc from 'fast-check';
import type { Endpoint, EndpointSlice } from '../../src/api/objects.ts';
import { slice } from './objects.ts';
import { PORTS, protocol, SERVICES } from './random-service.ts';

export const SLICES = ['s1', 's2', 's3', 's4', 's5', 's6', 's7'];

/** Conditions as they come in clusters: left out, ready, terminating, or in any combination. */
const conditions: fc.Arbitrary<Pick<Endpoint, 'ready' | 'serving' | 'terminating'>> = fc.oneof(
  fc.constantFrom(
    {},
    { ready: true, serving: true, terminating: false },
    { ready: false, serving: true, terminating: true },
    { ready: false, serving: false, terminating: false },
  ),
  fc.record({ ready: fc.boolean(), serving: fc.boolean(), terminating: fc.boolean() }),
);

/** Hints of all endpoints of a slice, or of some. See {@link thisNode} for who `here` is. */
const hints: fc.Arbitrary<Pick<Endpoint, 'zoneHints' | 'nodeHints'>> = fc.record(
  {
    zoneHints: fc.constantFrom(['zone-a'], ['zone-b'], ['zone-a', 'zone-b']),
    nodeHints: fc.constantFrom(['here'], ['there'], ['here', 'there']),
  },
  { requiredKeys: [] },
);

function endpoint(family: string): fc.Arbitrary<Endpoint> {
  const address = fc
    .integer({ min: 1, max: 40 })
    .map((host) => (family === 'IPv6' ? `fd00:244::${host.toString(16)}` : `10.244.0.${host}`));
  const place = fc.record({ nodeName: fc.constantFrom('here', 'there') }, { requiredKeys: [] });
  return fc
    .tuple(address, conditions, place)
    .map(([it, condition, where]) => ({ addresses: [it], ...condition, ...where }));
}

/** In one half of the slices no endpoint has hints; in the other each has those of the slice or its own. */
function endpoints(family: string): fc.Arbitrary<Endpoint[]> {
  const hinted = fc
    .tuple(fc.array(fc.tuple(endpoint(family), fc.option(hints)), { maxLength: 12 }), hints)
    .map(([list, common]) => list.map(([it, own]) => ({ ...it, ...(own ?? common) })));
  return fc.oneof(fc.array(endpoint(family), { maxLength: 12 }), hinted);
}

const port = fc.record({ of: fc.constantFrom(...PORTS), protocol });

export const sliceObject: fc.Arbitrary<EndpointSlice> = fc.constantFrom('IPv4', 'IPv6').chain((addressType) =>
  fc
    .record({
      name: fc.constantFrom(...SLICES),
      service: fc.constantFrom(...SERVICES),
      endpoints: endpoints(addressType),
      ports: fc.uniqueArray(port, { maxLength: 3, selector: (it) => `${it.of.name}/${it.protocol}` }),
    })
    .map(({ name, service, endpoints, ports }) =>
      slice(name, service, endpoints, {
        addressType,
        ports: ports.map(({ of, protocol }) => ({ name: of.name, protocol, port: of.target })),
      }),
    ),
);
