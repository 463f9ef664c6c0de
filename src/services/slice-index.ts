import type { EndpointPort, EndpointSlice, Protocol } from '../api/objects.ts';
import type { Family } from '../net/address.ts';
import { joined } from '../net/joined.ts';
import {
  addSlicePort,
  type KnownServices,
  portOf,
  removeSlicePort,
  type SlicePort,
} from './known-services.ts';
import { resolveEndpoints } from './resolve-endpoints.ts';

const SERVICE_NAME_LABEL = 'kubernetes.io/service-name';
const HEADLESS_LABEL = 'service.kubernetes.io/headless';

interface IndexedSlice {
  /** Without its namespace, which is that of the slice. */
  readonly serviceName: string;
  ports: readonly SlicePort[];
}

/**
 * EndpointSlices by name, resolved to endpoints per service port.
 *
 * An endpoint that did not change keeps its object from one version of a slice to the next, so that
 * "did this service port change" is a comparison of references.
 */
export class SliceIndex {
  readonly #slices = new Map<string, IndexedSlice>();
  readonly #services: KnownServices;

  constructor(services: KnownServices) {
    this.#services = services;
  }

  /** Takes a new version of a slice; touches the service ports whose endpoints it changes. */
  put(slice: EndpointSlice): void {
    const key = joined(slice.namespace, '/', slice.name);
    const known = this.#slices.get(key);
    const serviceName = serviceNameOf(slice);
    if (known !== undefined && known.serviceName === serviceName) {
      this.#update(known, slice);
      return;
    }
    if (known !== undefined) this.#forget(key, known);
    if (serviceName === undefined) return;
    const indexed: IndexedSlice = { serviceName, ports: [] };
    this.#slices.set(key, indexed);
    this.#update(indexed, slice);
  }

  /** Forgets a slice; deleting what is not there touches nothing. */
  delete(namespace: string, name: string): void {
    const key = joined(namespace, '/', name);
    const known = this.#slices.get(key);
    if (known !== undefined) this.#forget(key, known);
  }

  #forget(key: string, known: IndexedSlice): void {
    this.#slices.delete(key);
    for (const port of known.ports) this.#withdraw(port);
  }

  #update(indexed: IndexedSlice, slice: EndpointSlice): void {
    const before = indexed.ports;
    indexed.ports = slice.ports.filter(isServable).map((port) => {
      const known = findPort(before, port, familyOf(slice));
      return known === undefined ? this.#give(port, indexed, slice) : this.#giveAnew(known, slice);
    });
    for (const port of before) if (!indexed.ports.includes(port)) this.#withdraw(port);
  }

  #give(
    { name, protocol, port: number }: ServablePort,
    { serviceName }: IndexedSlice,
    slice: EndpointSlice,
  ): SlicePort {
    const service = this.#services.getOrAdd(joined(slice.namespace, '/', serviceName));
    const port = portOf(service, name, protocol, familyOf(slice));
    const endpoints = resolveEndpoints(slice.endpoints, number, []);
    const slicePort = { port, sliceName: slice.name, number, endpoints };
    addSlicePort(slicePort);
    this.#services.touch(port);
    return slicePort;
  }

  #giveAnew(known: SlicePort, slice: EndpointSlice): SlicePort {
    const endpoints = resolveEndpoints(slice.endpoints, known.number, known.endpoints);
    if (endpoints === known.endpoints) return known;
    known.endpoints = endpoints;
    this.#services.touch(known.port);
    return known;
  }

  #withdraw(slicePort: SlicePort): void {
    removeSlicePort(slicePort);
    this.#services.touch(slicePort.port);
  }
}

/** The Service of a slice (EP-01), or undefined if a service proxy ignores the slice (EP-02, EP-03). */
function serviceNameOf({ labels, addressType }: EndpointSlice): string | undefined {
  const serviceName = labels[SERVICE_NAME_LABEL];
  if (serviceName === undefined || serviceName === '') return undefined;
  if (labels[HEADLESS_LABEL] !== undefined) return undefined;
  return addressType === 'IPv4' || addressType === 'IPv6' ? serviceName : undefined;
}

/** Of a slice that is not ignored. */
function familyOf({ addressType }: EndpointSlice): Family {
  return addressType === 'IPv6' ? 'IPv6' : 'IPv4';
}

type ServablePort = { name: string; protocol: Protocol; port: number };

/** A port without a name (EP-04) or with no number or number 0 (EP-05) serves nothing. */
function isServable(port: EndpointPort): port is ServablePort {
  return port.name !== undefined && port.port !== undefined && port.port !== 0;
}

function findPort(ports: readonly SlicePort[], wanted: ServablePort, family: Family): SlicePort | undefined {
  return ports.find(
    ({ port, number }) =>
      number === wanted.port &&
      port.name === wanted.name &&
      port.protocol === wanted.protocol &&
      port.family === family,
  );
}
