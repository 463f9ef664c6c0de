import type { Endpoint } from '../api/objects.ts';
import { withPort } from '../net/address.ts';
import { type ServedEndpoint, sameEndpoints } from './served-port.ts';

/**
 * The endpoints that a slice gives to a port of this number. Those that did not change since `known` keep their objects,
 * and so does the list if none did.
 */
export function resolveEndpoints(
  endpoints: readonly Endpoint[],
  port: number,
  known: readonly ServedEndpoint[],
): readonly ServedEndpoint[] {
  // Not pushed one by one: an array that grows has room for 16 more, which tens of thousands of small lists would keep.
  const resolved = addressed(endpoints).map((endpoint, index) => {
    const candidate = known[index];
    const address = addressOf(endpoint);
    const isUnchanged = candidate !== undefined && isSame(candidate, endpoint, address);
    return isUnchanged ? candidate : resolveEndpoint(endpoint, address, port);
  });
  return sameEndpoints(known, resolved) ? known : resolved;
}

/** Without those that have no address (EP-08). */
function addressed(endpoints: readonly Endpoint[]): readonly Endpoint[] {
  const hasAddress = ({ addresses }: Endpoint): boolean => addresses.length > 0;
  return endpoints.every(hasAddress) ? endpoints : endpoints.filter(hasAddress);
}

function addressOf({ addresses }: Endpoint): string {
  return addresses[0] ?? ''; // EP-07
}

function resolveEndpoint(endpoint: Endpoint, address: string, port: number): ServedEndpoint {
  return {
    endpoint: withPort(address, port),
    address,
    port,
    ready: endpoint.ready ?? true, // EP-10
    serving: endpoint.serving ?? true,
    terminating: endpoint.terminating ?? false,
    nodeName: endpoint.nodeName,
    zoneHints: endpoint.zoneHints,
    nodeHints: endpoint.nodeHints,
  };
}

function isSame(known: ServedEndpoint, endpoint: Endpoint, address: string): boolean {
  return (
    known.address === address &&
    known.ready === (endpoint.ready ?? true) &&
    known.serving === (endpoint.serving ?? true) &&
    known.terminating === (endpoint.terminating ?? false) &&
    known.nodeName === endpoint.nodeName &&
    sameHints(known.zoneHints, endpoint.zoneHints) &&
    sameHints(known.nodeHints, endpoint.nodeHints)
  );
}

function sameHints(a: readonly string[] | undefined, b: readonly string[] | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.length === b.length && a.every((name, index) => name === b[index]);
}
