import fc from 'fast-check';
import type { EndpointSlice, ObjectEvent, Service } from '../../src/api/objects.ts';
import { SERVICES, serviceObject } from './random-service.ts';
import { SLICES, sliceObject } from './random-slice.ts';

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
