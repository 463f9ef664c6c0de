import type { ObjectEvent, Service } from '../api/objects.ts';
import { FAMILIES, type Family, familyOf } from '../net/address.ts';
import { type PortRef, portId, type ServedPort, type ServedPortChange, sameEndpoints } from './served-port.ts';
import { SliceIndex } from './slice-index.ts';

const SERVICE_PROXY_NAME_LABEL = 'service.kubernetes.io/service-proxy-name';

/**
 * Services joined with their EndpointSlices.
 *
 * In: objects as they come and go, in any order. Out: the service ports that changed, and only those. It
 * never looks at an object that the events do not touch, and knows nothing of nodes, sources or kernels.
 */
export class ServiceMap {
  readonly #services = new Map<string, Service>();
  readonly #slices = new SliceIndex();
  readonly #served = new Map<string, ServedPort>();

  /** Takes events in order; a port that several of them touch is judged once, at the end. */
  apply(events: readonly ObjectEvent[]): ServedPortChange[] {
    const touched = new Map<string, PortRef>();
    for (const event of events) {
      for (const [id, ref] of this.#take(event)) touched.set(id, ref);
    }
    const changes: ServedPortChange[] = [];
    for (const [id, ref] of touched) {
      const change = this.#recompute(id, ref);
      if (change !== undefined) changes.push(change);
    }
    return changes;
  }

  /** Every service port that exists now, in no particular order. */
  servedPorts(): Iterable<ServedPort> {
    return this.#served.values();
  }

  #take(event: ObjectEvent): Map<string, PortRef> {
    if (event.type === 'put') {
      if (event.object.kind === 'Service') return this.#takeService(keyOf(event.object), event.object);
      if (event.object.kind === 'EndpointSlice') return this.#slices.put(event.object);
    } else {
      if (event.kind === 'Service') return this.#takeService(keyOf(event), undefined);
      if (event.kind === 'EndpointSlice') return this.#slices.delete(event.namespace, event.name);
    }
    return new Map();
  }

  #takeService(key: string, service: Service | undefined): Map<string, PortRef> {
    const old = this.#services.get(key);
    const handled = service !== undefined && isHandled(service) ? service : undefined;
    if (handled === undefined) this.#services.delete(key);
    else this.#services.set(key, handled);
    return new Map([...portRefs(key, old), ...portRefs(key, handled)].map((ref) => [portId(ref), ref]));
  }

  #recompute(id: string, ref: PortRef): ServedPortChange | undefined {
    const before = this.#served.get(id);
    const after = this.#serve(id, ref);
    if (isSame(before, after)) return undefined;
    if (after === undefined) this.#served.delete(id);
    else this.#served.set(id, after);
    return { before, after };
  }

  #serve(id: string, ref: PortRef): ServedPort | undefined {
    const service = this.#services.get(ref.serviceKey);
    const port = service?.ports.find((it) => it.name === ref.portName && it.protocol === ref.protocol);
    if (service === undefined || port === undefined) return undefined;
    const clusterIP = clusterIPOf(service, ref.family);
    if (clusterIP === undefined) return undefined;
    const endpoints = this.#slices.endpoints(ref);
    return { id, family: ref.family, clusterIP, protocol: port.protocol, port: port.port, endpoints };
  }
}

function keyOf(object: { namespace: string; name: string }): string {
  return `${object.namespace}/${object.name}`;
}

/** Services left to another proxy (SVC-04) and ExternalName Services (SVC-03) get nothing. */
function isHandled(service: Service): boolean {
  return service.labels[SERVICE_PROXY_NAME_LABEL] === undefined && service.type !== 'ExternalName';
}

/** The ClusterIP of a family (SVC-05), or undefined if the Service does not exist there (SVC-02, SVC-03). */
function clusterIPOf(service: Service, family: Family): string | undefined {
  if (service.clusterIP === 'None') return undefined;
  const address =
    service.ipFamilies.length === 0
      ? service.clusterIP
      : service.clusterIPs[service.ipFamilies.indexOf(family)];
  if (address === undefined || address === '' || address === 'None') return undefined;
  return familyOf(address) === family ? address : undefined;
}

function portRefs(serviceKey: string, service: Service | undefined): PortRef[] {
  if (service === undefined) return [];
  return service.ports.flatMap(({ name, protocol }) =>
    FAMILIES.map((family) => ({ serviceKey, portName: name, protocol, family })),
  );
}

function isSame(before: ServedPort | undefined, after: ServedPort | undefined): boolean {
  if (before === undefined || after === undefined) return before === after;
  return (
    before.clusterIP === after.clusterIP &&
    before.port === after.port &&
    sameEndpoints(before.endpoints, after.endpoints)
  );
}
