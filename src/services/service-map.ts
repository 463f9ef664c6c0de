import type { ObjectEvent, Service } from '../api/objects.ts';
import { FAMILIES, type Family, familyOf } from '../net/address.ts';
import {
  type PortRef,
  portId,
  type ServedPort,
  type ServedPortChange,
  sameEndpoints,
} from './served-port.ts';
import { type ServiceTraits, sameTraits, traitsOf } from './service-traits.ts';
import { SliceIndex } from './slice-index.ts';

const SERVICE_PROXY_NAME_LABEL = 'service.kubernetes.io/service-proxy-name';

/** A Service with the traits that it has in the families in which it exists. */
interface HandledService {
  readonly service: Service;
  readonly traits: ReadonlyMap<Family, ServiceTraits>;
}

/**
 * Services joined with their EndpointSlices.
 *
 * In: objects as they come and go, in any order. Out: the service ports that changed, and only those. It
 * never looks at an object that the events do not touch, and knows nothing of nodes, sources or kernels.
 */
export class ServiceMap {
  readonly #services = new Map<string, HandledService>();
  readonly #slices = new SliceIndex();
  readonly #served = new Map<string, ServedPort>();

  /** Takes events in order; a port that several of them touch is judged once, at the end. */
  apply(events: readonly ObjectEvent[]): ServedPortChange[] {
    const touched = new Map<string, PortRef>();
    for (const event of events) this.#take(event, touched);
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

  #take(event: ObjectEvent, touched: Map<string, PortRef>): void {
    if (event.type === 'put') {
      if (event.object.kind === 'Service') this.#takeService(keyOf(event.object), event.object, touched);
      if (event.object.kind === 'EndpointSlice') this.#slices.put(event.object, touched);
    } else {
      if (event.kind === 'Service') this.#takeService(keyOf(event), undefined, touched);
      if (event.kind === 'EndpointSlice') this.#slices.delete(event.namespace, event.name, touched);
    }
  }

  #takeService(key: string, service: Service | undefined, touched: Map<string, PortRef>): void {
    const old = this.#services.get(key);
    const handled = service !== undefined && isHandled(service) ? handle(service, old) : undefined;
    if (handled === undefined) this.#services.delete(key);
    else this.#services.set(key, handled);
    touchPorts(key, old, touched);
    touchPorts(key, handled, touched);
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
    const handled = this.#services.get(ref.serviceKey);
    const traits = handled?.traits.get(ref.family);
    if (handled === undefined || traits === undefined) return undefined;
    const { service } = handled;
    const found = service.ports.find((it) => it.name === ref.portName && it.protocol === ref.protocol);
    const clusterIP = clusterIPOf(service, ref.family);
    if (found === undefined || clusterIP === undefined) return undefined;
    const { protocol, port, nodePort } = found;
    const endpoints = this.#slices.endpoints(id, ref);
    return {
      id,
      service: ref.serviceKey,
      family: ref.family,
      clusterIP,
      protocol,
      port,
      nodePort,
      traits,
      endpoints,
    };
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

/** Traits that did not change keep their object (SVC-12). */
function handle(service: Service, old: HandledService | undefined): HandledService {
  const traits = new Map<Family, ServiceTraits>();
  for (const family of FAMILIES) {
    if (clusterIPOf(service, family) === undefined) continue;
    const known = old?.traits.get(family);
    const now = traitsOf(service, family);
    traits.set(family, known !== undefined && sameTraits(known, now) ? known : now);
  }
  return { service, traits };
}

/** The service ports of a Service, in the families in which it exists. */
function touchPorts(
  serviceKey: string,
  handled: HandledService | undefined,
  touched: Map<string, PortRef>,
): void {
  if (handled === undefined) return;
  for (const family of handled.traits.keys()) {
    for (const { name, protocol } of handled.service.ports) {
      const ref = { serviceKey, portName: name, protocol, family };
      touched.set(portId(ref), ref);
    }
  }
}

function isSame(before: ServedPort | undefined, after: ServedPort | undefined): boolean {
  if (before === undefined || after === undefined) return before === after;
  return (
    before.clusterIP === after.clusterIP &&
    before.port === after.port &&
    before.nodePort === after.nodePort &&
    before.traits === after.traits &&
    sameEndpoints(before.endpoints, after.endpoints)
  );
}
