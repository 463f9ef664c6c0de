import type { ObjectEvent } from '../../api/objects.ts';
import { MAX_ADDRESSES, serviceEvent, sliceEvent } from '../common/manifests.ts';
import type { Random } from '../common/random.ts';

/** What is done to one endpoint of a random service. */
export const CHANGES = ['replace', 'add', 'remove'] as const;

export type Change = (typeof CHANGES)[number];

/**
 * A cluster as its API server knows it: which endpoints each service has now. It gives the events that a watch
 * would; objects are made when asked for and not kept.
 */
export class Cluster {
  readonly #random: Random;
  /** Numbers of the endpoints, by service. Plain numbers: next to nothing beside what the pipeline keeps. */
  readonly #endpoints: number[][];
  /** Services with an endpoint too many, which `remove` takes away again: the cluster keeps its size. */
  readonly #grown: number[] = [];
  #nextEndpoint: number;

  constructor(services: number, endpoints: number, random: Random) {
    this.#random = random;
    this.#endpoints = Array.from({ length: services }, (_, service) =>
      Array.from({ length: endpoints }, (_, index) => service * endpoints + index),
    );
    this.#nextEndpoint = services * endpoints;
  }

  /** Everything that exists, as the first event of a watch. */
  everything(): ObjectEvent[] {
    const services = this.#endpoints.map((_, service) => serviceEvent(service));
    return services.concat(this.#endpoints.map((endpoints, service) => sliceEvent(service, endpoints)));
  }

  /** Makes one change. `remove` needs an `add` before it. */
  change(change: Change): ObjectEvent {
    if (change === 'add') return this.#add(this.#random(this.#endpoints.length));
    if (change === 'remove') return this.#remove(this.#grown.pop());
    const service = this.#random(this.#endpoints.length);
    return this.#replace(service, this.#random(this.#endpointsOf(service).length));
  }

  /** So many changed slices, each with another endpoint replaced. With fewer services they come round again. */
  burst(count: number): ObjectEvent[] {
    const services = this.#endpoints.length;
    const start = this.#random(services);
    return Array.from({ length: count }, (_, index) => {
      const service = (start + index) % services;
      return this.#replace(service, Math.floor(index / services) % this.#endpointsOf(service).length);
    });
  }

  #replace(service: number, index: number): ObjectEvent {
    const endpoints = this.#endpointsOf(service);
    endpoints[index] = this.#newEndpoint();
    return sliceEvent(service, endpoints);
  }

  #add(service: number): ObjectEvent {
    const endpoints = this.#endpointsOf(service);
    endpoints.push(this.#newEndpoint());
    this.#grown.push(service);
    return sliceEvent(service, endpoints);
  }

  #remove(service: number | undefined): ObjectEvent {
    if (service === undefined) throw new Error('remove: nothing was added');
    const endpoints = this.#endpointsOf(service);
    endpoints.splice(this.#random(endpoints.length), 1);
    return sliceEvent(service, endpoints);
  }

  #endpointsOf(service: number): number[] {
    const endpoints = this.#endpoints[service];
    if (endpoints === undefined)
      throw new RangeError(`service: ${service} is none of ${this.#endpoints.length}`);
    return endpoints;
  }

  /** Addresses come round again only after millions of changes, long after their first owner lost them. */
  #newEndpoint(): number {
    return this.#nextEndpoint++ % MAX_ADDRESSES;
  }
}
