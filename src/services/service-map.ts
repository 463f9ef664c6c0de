import type { ObjectEvent, Service } from '../api/objects.ts';
import { FAMILIES } from '../net/address.ts';
import { joined } from '../net/joined.ts';
import { clusterIPOf, type HandledService, handle } from './handled-service.ts';
import { type KnownPort, type KnownService, KnownServices, portOf } from './known-services.ts';
import { mergeEndpoints } from './merge-endpoints.ts';
import { type ServedPort, type ServedPortChange, sameEndpoints } from './served-port.ts';
import { SliceIndex } from './slice-index.ts';

/**
 * Services joined with their EndpointSlices.
 *
 * In: objects as they come and go, in any order. Out: the service ports that changed, and only those. It
 * never looks at an object that the events do not touch, and knows nothing of nodes, sources or kernels.
 */
export class ServiceMap {
  readonly #services = new KnownServices();
  readonly #slices = new SliceIndex(this.#services);

  /** Takes events in order; a port that several of them touch is judged once, at the end. */
  apply(events: readonly ObjectEvent[]): ServedPortChange[] {
    for (const event of events) this.#take(event);
    const changes: ServedPortChange[] = [];
    for (const port of this.#services.takeTouched()) {
      const change = judge(port);
      if (change !== undefined) changes.push(change);
      this.#services.dropPortIfUnused(port);
    }
    return changes;
  }

  /** Every service port that exists now, in no particular order. */
  servedPorts(): Iterable<ServedPort> {
    return this.#services.servedPorts();
  }

  #take(event: ObjectEvent): void {
    if (event.type === 'put') {
      if (event.object.kind === 'Service') this.#takeService(event.object, event.object);
      if (event.object.kind === 'EndpointSlice') this.#slices.put(event.object);
    } else {
      if (event.kind === 'Service') this.#takeService(event, undefined);
      if (event.kind === 'EndpointSlice') this.#slices.delete(event.namespace, event.name);
    }
  }

  #takeService({ namespace, name }: Pick<Service, 'namespace' | 'name'>, service: Service | undefined): void {
    const key = joined(namespace, '/', name);
    const old = this.#services.get(key);
    const handled = service && handle(service, old?.handled);
    if (old === undefined && handled === undefined) return;
    const known = old ?? this.#services.getOrAdd(key);
    known.handled = handled;
    if (handled !== undefined) makeKnown(known, handled);
    for (const port of known.ports) this.#services.touch(port);
    this.#services.dropIfUnused(known);
  }
}

/** The ports of a Service in the families in which it exists. */
function makeKnown(known: KnownService, { service, traits }: HandledService): void {
  for (const family of FAMILIES) {
    if (traits[family] === undefined) continue;
    for (const { name, protocol } of service.ports) portOf(known, name, protocol, family);
  }
}

/** Serves a port as its Service and its slices now want it. */
function judge(port: KnownPort): ServedPortChange | undefined {
  const before = port.served;
  const after = serve(port);
  if (isSame(before, after)) return undefined;
  port.served = after;
  return { before, after };
}

function serve(known: KnownPort): ServedPort | undefined {
  const {
    id,
    family,
    service: { key, handled },
  } = known;
  const traits = handled?.traits[family];
  if (handled === undefined || traits === undefined) return undefined;
  const { ports } = handled.service;
  const found = ports.find(({ name, protocol }) => name === known.name && protocol === known.protocol);
  const clusterIP = clusterIPOf(handled.service, family);
  if (found === undefined || clusterIP === undefined) return undefined;
  const { protocol, port, nodePort } = found;
  const endpoints = mergeEndpoints(known.slicePorts);
  return { id, service: key, family, clusterIP, protocol, port, nodePort, traits, endpoints };
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
