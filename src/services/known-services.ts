import type { Protocol } from '../api/objects.ts';
import type { Family } from '../net/address.ts';
import { joined } from '../net/joined.ts';
import type { HandledService } from './handled-service.ts';
import type { ServedEndpoint, ServedPort } from './served-port.ts';

/** A Service that exists or that slices speak of, whichever came first. */
export interface KnownService {
  /** `namespace/name` */
  readonly key: string;
  /** Undefined while it is not there, or nothing of it is served. */
  handled: HandledService | undefined;
  ports: readonly KnownPort[];
}

/** A service port, in one family, that the Service or a slice speaks of. */
export interface KnownPort {
  /** See {@link ServedPort.id}. */
  readonly id: string;
  readonly service: KnownService;
  readonly name: string;
  readonly protocol: Protocol;
  readonly family: Family;
  /** Sorted by the names of their slices: the outcome must not depend on the order of arrival. */
  slicePorts: readonly SlicePort[];
  /** As of the last time that it was judged. */
  served: ServedPort | undefined;
  isTouched: boolean;
}

/** What one slice gives to one service port. */
export interface SlicePort {
  readonly port: KnownPort;
  readonly sliceName: string;
  /** Port number of the endpoints. */
  readonly number: number;
  endpoints: readonly ServedEndpoint[];
}

/**
 * All service ports that anybody speaks of, and which of them events have touched. A port is looked up by text once: who
 * has found it keeps it, so that a later version of a slice finds its ports without.
 */
export class KnownServices {
  readonly #services = new Map<string, KnownService>();
  #touched: KnownPort[] = [];

  get(key: string): KnownService | undefined {
    return this.#services.get(key);
  }

  /** Makes a Service known. It is to be handled or get a port: it is forgotten when it loses the last of them. */
  getOrAdd(key: string): KnownService {
    const known = this.#services.get(key);
    if (known !== undefined) return known;
    const added: KnownService = { key, handled: undefined, ports: [] };
    this.#services.set(key, added);
    return added;
  }

  /** Every service port that is served now, in no particular order. */
  *servedPorts(): Iterable<ServedPort> {
    for (const { ports } of this.#services.values()) {
      for (const { served } of ports) if (served !== undefined) yield served;
    }
  }

  touch(port: KnownPort): void {
    if (port.isTouched) return;
    port.isTouched = true;
    this.#touched.push(port);
  }

  /** The ports that were touched since the last call, each of them once. */
  takeTouched(): readonly KnownPort[] {
    const touched = this.#touched;
    this.#touched = [];
    for (const port of touched) port.isTouched = false;
    return touched;
  }

  /** Forgets a port that is not served and of which no slice speaks, and its Service with the last port. */
  dropPortIfUnused(port: KnownPort): void {
    if (port.served !== undefined || port.slicePorts.length > 0) return;
    const { service } = port;
    service.ports = service.ports.filter((other) => other !== port);
    this.dropIfUnused(service);
  }

  dropIfUnused(service: KnownService): void {
    if (service.ports.length === 0 && service.handled === undefined) this.#services.delete(service.key);
  }
}

/** The port of a Service; it is made known if it was not. Services have few, so that a walk finds it fastest. */
export function portOf(service: KnownService, name: string, protocol: Protocol, family: Family): KnownPort {
  for (const port of service.ports) {
    if (port.name === name && port.protocol === protocol && port.family === family) return port;
  }
  const port: KnownPort = {
    id: joined(service.key, ':', name, '/', protocol, ' ', family),
    service,
    name,
    protocol,
    family,
    slicePorts: [],
    served: undefined,
    isTouched: false,
  };
  service.ports = [...service.ports, port];
  return port;
}

export function addSlicePort(slicePort: SlicePort): void {
  const { port, sliceName } = slicePort;
  const position = port.slicePorts.findIndex((other) => other.sliceName > sliceName);
  port.slicePorts =
    position === -1 ? [...port.slicePorts, slicePort] : port.slicePorts.toSpliced(position, 0, slicePort);
}

export function removeSlicePort(slicePort: SlicePort): void {
  const { port } = slicePort;
  port.slicePorts = port.slicePorts.filter((other) => other !== slicePort);
}
