import type { ApiStore } from '../../apiserver/store/api-store.ts';
import { MAX_ADDRESSES } from '../common/manifests.ts';
import { type Random, seededRandom } from '../common/random.ts';
import type { ClusterSize } from './messages.ts';
import { BENCH_NAMESPACE, DAEMON_NODE, serviceManifest, sliceManifest } from './slices.ts';

/** The objects of the benchmark in an API server, and the changes that are made to them. */
export class ServerCluster {
  readonly #store: ApiStore;
  readonly #random: Random;
  /** Numbers of the endpoints, by service. */
  readonly #endpoints: number[][];
  #nextEndpoint: number;

  constructor(store: ApiStore, { services, endpoints, seed }: ClusterSize) {
    this.#store = store;
    this.#random = seededRandom(seed);
    this.#endpoints = Array.from({ length: services }, (_, service) =>
      Array.from({ length: endpoints }, (_, index) => service * endpoints + index),
    );
    this.#nextEndpoint = services * endpoints;
  }

  createAll(): void {
    this.#store.create('namespaces', { metadata: { name: BENCH_NAMESPACE } });
    this.#store.create('nodes', { metadata: { name: DAEMON_NODE } });
    for (const [service, endpoints] of this.#endpoints.entries()) {
      this.#store.create('services', serviceManifest(service));
      this.#store.create('endpointslices', sliceManifest(service, endpoints));
    }
  }

  /** Replaces one endpoint of a random service by another. */
  change(): void {
    this.#replace(this.#random(this.#endpoints.length));
  }

  /** The same for so many services that follow each other. With fewer services they come round again. */
  burst(count: number): void {
    const start = this.#random(this.#endpoints.length);
    for (let index = 0; index < count; index++) this.#replace((start + index) % this.#endpoints.length);
  }

  #replace(service: number): void {
    const endpoints = this.#endpoints[service];
    if (endpoints === undefined) throw new RangeError(`service: there is no ${service}`);
    // Addresses come round again only after millions of changes, long after their first owner lost them.
    endpoints[this.#random(endpoints.length)] = this.#nextEndpoint++ % MAX_ADDRESSES;
    this.#store.update('endpointslices', sliceManifest(service, endpoints));
  }
}
