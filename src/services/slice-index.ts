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

  /** Takes a new version of a slice; adds the service ports whose endpoints it changes to `touched`, by id. */
  put(slice: EndpointSlice, touched: Map<string, PortRef>): void {
    const key = `${slice.namespace}/${slice.name}`;
    const old = this.#slices.get(key);
    const serviceKey = serviceKeyOf(slice);
    if (serviceKey === undefined) {
      this.delete(slice.namespace, slice.name, touched);
      return;
    }
    const indexed = { name: slice.name, serviceKey, ports: resolvePorts(slice, serviceKey, old) };
    this.#slices.set(key, indexed);
    this.#replace(old, indexed);
    touchChangedPorts(old, indexed, touched);
  }

  /** Forgets a slice; deleting what is not there touches nothing. */
  delete(namespace: string, name: string, touched: Map<string, PortRef>): void {
    const key = `${namespace}/${name}`;
    const old = this.#slices.get(key);
    this.#slices.delete(key);
    this.#replace(old, undefined);
    touchChangedPorts(old, undefined, touched);
  }

  /** All endpoints of a service port (`id` is its id), merged over its slices (EP-12) and unique (EP-11). */
  endpoints(id: string, ref: PortRef): readonly ServedEndpoint[] {
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
    const known = old?.ports.find((other) => isSamePort(other, port, serviceKey, family));
    const endpoints = resolveEndpoints(slice.endpoints, port.port, known?.endpoints ?? []);
    const ref = known?.ref ?? { serviceKey, portName: port.name, protocol: port.protocol, family };
    ports.push({ ref, id: known?.id ?? portId(ref), number: port.port, endpoints });
  }
  return ports;
}

function isSamePort(known: SlicePort, port: ServablePort, serviceKey: string, family: Family): boolean {
  const { ref, number } = known;
  return (
    number === port.port &&
    ref.portName === port.name &&
    ref.protocol === port.protocol &&
    ref.family === family &&
    ref.serviceKey === serviceKey
  );
}

type ServablePort = { name: string; protocol: Protocol; port: number };

/** A port without a name (EP-04) or with no number or number 0 (EP-05) serves nothing. */
function isServable(port: EndpointPort): port is ServablePort {
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

/** The service ports to which two versions of a slice give different endpoints. */
function touchChangedPorts(
  old: IndexedSlice | undefined,
  now: IndexedSlice | undefined,
  touched: Map<string, PortRef>,
): void {
  for (const port of old?.ports ?? []) if (!gives(now, port)) touched.set(port.id, port.ref);
  for (const port of now?.ports ?? []) if (!gives(old, port)) touched.set(port.id, port.ref);
}

function gives(slice: IndexedSlice | undefined, port: SlicePort): boolean {
  return slice?.ports.some((other) => other.id === port.id && other.endpoints === port.endpoints) ?? false;
}

/** Most Services have one small slice: comparing all pairs of it beats a set, and leaves no garbage. */
const FEW_ENDPOINTS = 24;

/** Of a list that one slice gives to one port, so that addresses alone tell endpoints apart. */
function hasDuplicates(list: readonly ServedEndpoint[]): boolean {
  if (list.length > FEW_ENDPOINTS) return new Set(list.map((it) => it.address)).size !== list.length;
  for (let i = 1; i < list.length; i++) {
    for (let j = 0; j < i; j++) if (list[i]?.address === list[j]?.address) return true;
  }
  return false;
}

/** Duplicates: a non-terminating entry replaces what was there, a terminating one never does (EP-11). */
function mergeUnique(lists: readonly (readonly ServedEndpoint[])[]): readonly ServedEndpoint[] {
  const [only, ...others] = lists;
  if (only === undefined) return [];
  if (others.length === 0 && !hasDuplicates(only)) return only;
  const unique = new Map<string, ServedEndpoint>();
  for (const list of lists) {
    for (const endpoint of list) {
      if (endpoint.terminating && unique.has(endpoint.endpoint)) continue;
      unique.set(endpoint.endpoint, endpoint);
    }
  }
  return [...unique.values()];
}
