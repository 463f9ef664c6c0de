import type { Protocol } from '../api/objects.ts';
import type { Family } from '../net/address.ts';
import type { ServiceTraits } from './service-traits.ts';

/**
 * One service port in one family with all of its endpoints, usable or not: the unit that everything
 * downstream is judged by (SVC-06). Which endpoints are used is decided in the forwarding room.
 */
export interface ServedPort {
  /** `shop/web:http/TCP IPv4`, unique and stable; names the owner of everything derived from it. */
  readonly id: string;
  /** `namespace/name` of the Service. */
  readonly service: string;
  readonly family: Family;
  readonly clusterIP: string;
  readonly protocol: Protocol;
  readonly port: number;
  /** 0 is none (SVC-08). */
  readonly nodePort: number;
  /** What all ports of the Service in this family share: one object, the same as long as it is equal. */
  readonly traits: ServiceTraits;
  /** Unique by {@link ServedEndpoint.endpoint} (EP-11), in an order that does not depend on the order of events. */
  readonly endpoints: readonly ServedEndpoint[];
}

/** An endpoint of a service port, its conditions filled in with their defaults (EP-10). */
export interface ServedEndpoint {
  /** `10.244.1.7:8080`, `[fd00::7]:8080` */
  readonly endpoint: string;
  /** Canonical address without the port. */
  readonly address: string;
  readonly port: number;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  readonly nodeName: string | undefined;
  /** Zones and nodes that the endpoint is meant for; undefined is no hint (TOP-04). */
  readonly zoneHints: readonly string[] | undefined;
  readonly nodeHints: readonly string[] | undefined;
}

/** A service port that appeared (no `before`), changed or went away (no `after`). */
export interface ServedPortChange {
  readonly before: ServedPort | undefined;
  readonly after: ServedPort | undefined;
}

/** Element by element by identity: unchanged endpoints are the same objects (see resolve-endpoints.ts). */
export function sameEndpoints(a: readonly ServedEndpoint[], b: readonly ServedEndpoint[]): boolean {
  return a.length === b.length && a.every((endpoint, index) => endpoint === b[index]);
}
