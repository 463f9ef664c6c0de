import type { Endpoint, EndpointPort, EndpointSlice, Protocol } from '../api/objects.ts';
import { type Family, withPort } from '../net/address.ts';
import { type PortRef, portId, type ServedEndpoint, sameEndpoints } from './served-port.ts';

const SERVICE_NAME_LABEL = 'kubernetes.io/service-name';
const HEADLESS_LABEL = 'service.kubernetes.io/headless';

/** A slice port with its endpoints resolved: what one slice gives to one service port. */
interface SlicePort {
  readonly ref: PortRef;
  readonly id: string;
  readonly number: number;
  readonly endpoints: readonly ServedEndpoint[];
}

interface IndexedSlice {
  readonly name: string;
  readonly serviceKey: string;
  readonly ports: readonly SlicePort[];
}

/**
 * EndpointSlices by the Service that they belong to, resolved to endpoints per service port.
 *
 * An endpoint that did not change keeps its object from one version of a slice to the next, so that
 * "did this service port change" is a comparison of references.
 */
export class SliceIndex {
  readonly #slices = new Map<string, IndexedSlice>();
  /** Slices of a Service, sorted by name: the outcome must not depend on the order of arrival. */
  readonly #byService = new Map<string, IndexedSlice[]>();

  /** Takes a new version of a slice. Returns the service ports whose endpoints it changed, by id. */
  put(slice: EndpointSlice): Map<string, PortRef> {
    const key = `${slice.namespace}/${slice.name}`;
    const old = this.#slices.get(key);
    const serviceKey = serviceKeyOf(slice);
    if (serviceKey === undefined) return this.delete(slice.namespace, slice.name);
    const indexed = { name: slice.name, serviceKey, ports: resolvePorts(slice, serviceKey, old) };
    this.#slices.set(key, indexed);
    this.#replace(old, indexed);
    return changedPorts(old, indexed);
  }

  /** Forgets a slice; deleting what is not there changes nothing. */
  delete(namespace: string, name: string): Map<string, PortRef> {
    const key = `${namespace}/${name}`;
    const old = this.#slices.get(key);
    this.#slices.delete(key);
    this.#replace(old, undefined);
    return changedPorts(old, undefined);
  }

  /** All endpoints of a service port, merged over its slices (EP-12) and unique (EP-11). */
  endpoints(ref: PortRef): readonly ServedEndpoint[] {
    const id = portId(ref);
    const lists: (readonly ServedEndpoint[])[] = [];
    for (const slice of this.#byService.get(ref.serviceKey) ?? []) {
      for (const port of slice.ports) if (port.id === id) lists.push(port.endpoints);
    }
    return mergeUnique(lists);
  }

  #replace(old: IndexedSlice | undefined, indexed: IndexedSlice | undefined): void {
    if (old !== undefined && old.serviceKey === indexed?.serviceKey) {
      const list = this.#byService.get(old.serviceKey) ?? [];
      list[list.indexOf(old)] = indexed;
      return;
    }
    if (old !== undefined) this.#unlist(old);
    if (indexed !== undefined) this.#list(indexed);
  }

  #list(indexed: IndexedSlice): void {
    const list = this.#byService.get(indexed.serviceKey);
    if (list === undefined) {
      this.#byService.set(indexed.serviceKey, [indexed]);
      return;
    }
    const position = list.findIndex((other) => other.name > indexed.name);
    list.splice(position === -1 ? list.length : position, 0, indexed);
  }

  #unlist(old: IndexedSlice): void {
    const list = this.#byService.get(old.serviceKey) ?? [];
    if (list.length <= 1) this.#byService.delete(old.serviceKey);
    else list.splice(list.indexOf(old), 1);
  }
}

/** The Service of a slice (EP-01), or undefined if a service proxy ignores the slice (EP-02, EP-03). */
function serviceKeyOf(slice: EndpointSlice): string | undefined {
  const serviceName = slice.labels[SERVICE_NAME_LABEL];
  if (serviceName === undefined || serviceName === '') return undefined;
  if (slice.labels[HEADLESS_LABEL] !== undefined) return undefined;
  if (slice.addressType !== 'IPv4' && slice.addressType !== 'IPv6') return undefined;
  return `${slice.namespace}/${serviceName}`;
}

function resolvePorts(slice: EndpointSlice, serviceKey: string, old: IndexedSlice | undefined): SlicePort[] {
  const family: Family = slice.addressType === 'IPv6' ? 'IPv6' : 'IPv4';
  const ports: SlicePort[] = [];
  for (const port of slice.ports) {
    if (!isServable(port)) continue;
    const ref = { serviceKey, portName: port.name, protocol: port.protocol, family };
    const id = portId(ref);
    const known = old?.ports.find((other) => other.id === id && other.number === port.port)?.endpoints ?? [];
    ports.push({ ref, id, number: port.port, endpoints: resolveEndpoints(slice.endpoints, port.port, known) });
  }
  return ports;
}

/** A port without a name (EP-04) or with no number or number 0 (EP-05) serves nothing. */
function isServable(port: EndpointPort): port is { name: string; protocol: Protocol; port: number } {
  return port.name !== undefined && port.port !== undefined && port.port !== 0;
}

function resolveEndpoints(
  endpoints: readonly Endpoint[],
  port: number,
  known: readonly ServedEndpoint[],
): readonly ServedEndpoint[] {
  const resolved: ServedEndpoint[] = [];
  for (const endpoint of endpoints) {
    const address = endpoint.addresses[0]; // EP-07
    if (address === undefined) continue; // EP-08
    const candidate = known[resolved.length];
    const unchanged = candidate !== undefined && isSame(candidate, endpoint, address);
    resolved.push(unchanged ? candidate : resolveEndpoint(endpoint, address, port));
  }
  return sameEndpoints(known, resolved) ? known : resolved;
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
  };
}

function isSame(known: ServedEndpoint, endpoint: Endpoint, address: string): boolean {
  return (
    known.address === address &&
    known.ready === (endpoint.ready ?? true) &&
    known.serving === (endpoint.serving ?? true) &&
    known.terminating === (endpoint.terminating ?? false) &&
    known.nodeName === endpoint.nodeName
  );
}

/** The service ports to which two versions of a slice give different endpoints. */
function changedPorts(old: IndexedSlice | undefined, now: IndexedSlice | undefined): Map<string, PortRef> {
  const changed = new Map<string, PortRef>();
  const compare = (ports: readonly SlicePort[], others: readonly SlicePort[]): void => {
    for (const port of ports) {
      const same = others.some((other) => other.id === port.id && other.endpoints === port.endpoints);
      if (!same) changed.set(port.id, port.ref);
    }
  };
  compare(old?.ports ?? [], now?.ports ?? []);
  compare(now?.ports ?? [], old?.ports ?? []);
  return changed;
}

/** Duplicates: a non-terminating entry replaces what was there, a terminating one never does (EP-11). */
function mergeUnique(lists: readonly (readonly ServedEndpoint[])[]): readonly ServedEndpoint[] {
  const unique = new Map<string, ServedEndpoint>();
  for (const list of lists) {
    for (const endpoint of list) {
      if (endpoint.terminating && unique.has(endpoint.endpoint)) continue;
      unique.set(endpoint.endpoint, endpoint);
    }
  }
  return [...unique.values()];
}
