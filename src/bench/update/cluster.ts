import type { ObjectEvent } from '../../api/objects.ts';
import { goneEvents, MAX_ADDRESSES, MAX_SERVICES, serviceEvent, sliceEvent } from '../common/manifests.ts';
import type { Random } from '../common/random.ts';

/** What is done to one endpoint of a random service, or to a whole service. */
export const CHANGES = ['replace', 'add', 'remove', 'create', 'delete'] as const;

export type Change = (typeof CHANGES)[number];

/** What an EndpointSlice controller puts into one slice. */
const ENDPOINTS_OF_A_SLICE = 100;

/** The last number that a service can have: it is not among those that changes are made to. */
const ROLLING_SERVICE = MAX_SERVICES - 1;

/**
 * A cluster as its API server knows it: which endpoints each service has now. It gives the events that a watch
 * would; objects are made when asked for and not kept.
 */
export class Cluster {
  readonly #random: Random;
  /** Numbers of the endpoints, by service. Plain numbers: next to nothing beside what the pipeline keeps. */
  readonly #endpoints: number[][];
  /** How many there were at first: those after them were created, and `delete` takes them away again. */
  readonly #firstSize: number;
  readonly #size: number;
  /** Services with an endpoint too many, which `remove` takes away again: the cluster keeps its size. */
  readonly #grown: number[] = [];
  #nextEndpoint: number;

  constructor(services: number, endpoints: number, random: Random) {
    this.#random = random;
    this.#firstSize = services;
    this.#size = endpoints;
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

  /** Makes one change. `remove` needs an `add` before it, `delete` a `create`. */
  change(change: Change): ObjectEvent[] {
    if (change === 'create') return this.#create();
    if (change === 'delete') return this.#delete();
    return [this.#changeEndpoints(change)];
  }

  /** So many changed slices, each with another endpoint replaced. With fewer services they come round again. */
  burst(count: number): ObjectEvent[] {
    const start = this.#random(this.#firstSize);
    return Array.from({ length: count }, (_, index) => {
      const service = (start + index) % this.#firstSize;
      return this.#replace(service, Math.floor(index / this.#firstSize) % this.#endpointsOf(service).length);
    });
  }

  /** Changes of all kinds as they come in a cluster that is being worked on: one of ten creates or deletes a service. */
  *churn(): Generator<ObjectEvent[], never> {
    while (true) {
      for (const change of ['add', 'replace', 'replace', 'remove'] as const) yield this.change(change);
      yield this.change(this.#endpoints.length > this.#firstSize ? 'delete' : 'create');
      for (const change of ['add', 'replace', 'replace', 'replace', 'remove'] as const)
        yield this.change(change);
    }
  }

  /**
   * The steps of a rolling update of a service with so many endpoints: first it is created, then each endpoint
   * gives way to another, then it is deleted again.
   */
  rolling(count: number): { created: ObjectEvent[]; steps: ObjectEvent[]; deleted: ObjectEvent[] } {
    const endpoints = Array.from({ length: count }, () => this.#newEndpoint());
    const slices = Math.ceil(count / ENDPOINTS_OF_A_SLICE);
    const slice = (index: number): ObjectEvent => {
      const first = index * ENDPOINTS_OF_A_SLICE;
      return sliceEvent(ROLLING_SERVICE, endpoints.slice(first, first + ENDPOINTS_OF_A_SLICE), index);
    };
    const created = [serviceEvent(ROLLING_SERVICE)];
    for (let index = 0; index < slices; index++) created.push(slice(index));
    const steps = endpoints.map((_, index) => {
      endpoints[index] = this.#newEndpoint();
      return slice(Math.floor(index / ENDPOINTS_OF_A_SLICE));
    });
    return { created, steps, deleted: goneEvents(ROLLING_SERVICE, slices) };
  }

  #changeEndpoints(change: Exclude<Change, 'create' | 'delete'>): ObjectEvent {
    if (change === 'add') return this.#add(this.#random(this.#firstSize));
    if (change === 'remove') return this.#remove(this.#grown.pop());
    const service = this.#random(this.#firstSize);
    return this.#replace(service, this.#random(this.#endpointsOf(service).length));
  }

  #create(): ObjectEvent[] {
    const service = this.#endpoints.length;
    if (service >= ROLLING_SERVICE) throw new RangeError(`service: ${service} is one too many`);
    const endpoints = Array.from({ length: this.#size }, () => this.#newEndpoint());
    this.#endpoints.push(endpoints);
    return [serviceEvent(service), sliceEvent(service, endpoints)];
  }

  #delete(): ObjectEvent[] {
    if (this.#endpoints.length <= this.#firstSize) throw new Error('delete: nothing was created');
    this.#endpoints.pop();
    return goneEvents(this.#endpoints.length);
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
