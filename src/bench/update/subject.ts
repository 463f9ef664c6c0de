import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ObjectEvent } from '../../api/objects.ts';
import type { Backend } from '../../backends/backend.ts';
import { readProxyConfig } from '../../config/read-proxy-config.ts';
import { satisfies } from '../../delta/programmed-table.ts';
import { Pipeline } from '../../pipeline.ts';
import { THIS_NODE } from '../common/manifests.ts';
import { seededRandom } from '../common/random.ts';
import { type Change, Cluster } from './cluster.ts';

export interface SubjectOptions {
  readonly backends: readonly Backend[];
  readonly services: number;
  readonly endpoints: number;
  readonly seed: number;
  /** A sync failed, so there is nothing to measure; it will not be settled. */
  readonly onFailure: (error: unknown) => void;
}

/** What is measured: a pipeline and the cluster that feeds it, wired as in the daemon. */
export class Subject {
  readonly #backends: readonly Backend[];
  readonly #cluster: Cluster;
  readonly #pipeline: Pipeline;

  constructor(options: SubjectOptions) {
    const { backends, services, endpoints, seed, onFailure } = options;
    this.#backends = backends;
    this.#cluster = new Cluster(services, endpoints, seededRandom(seed));
    this.#pipeline = new Pipeline({
      config: readProxyConfig({}, THIS_NODE),
      backends,
      observer: {
        synced() {},
        refused: ({ error }) => onFailure(error),
        failed: ({ error }) => onFailure(error),
      },
    });
  }

  /** Loads everything from empty. Microseconds from all decoded objects to all committed. */
  load(): Promise<number> {
    return this.#timeToCommit(this.#cluster.everything());
  }

  /**
   * Makes changes one by one, each in a turn of the event loop of its own. Microseconds of each. The objects are
   * made before the first: nothing but the pipeline works in between.
   */
  async change(change: Change, count: number): Promise<number[]> {
    const events = Array.from({ length: count }, () => this.#cluster.change(change));
    const latencies: number[] = [];
    for (const event of events) {
      await nextTurn();
      latencies.push(await this.#timeToCommit([event]));
    }
    return latencies;
  }

  /** Makes so many changes at once. Microseconds for all of them. */
  async burst(count: number): Promise<number> {
    await nextTurn();
    return this.#timeToCommit(this.#cluster.burst(count));
  }

  /** Throws unless the kernel, read back, holds what the events call for: then no figure is worth anything. */
  async verify(): Promise<void> {
    for (const backend of this.#backends) {
      const { table, strays } = await backend.read();
      const wanted = this.#pipeline.wanted(backend.family);
      const isRight = wanted !== undefined && satisfies(table, wanted) && strays === 0;
      if (!isRight) throw new Error(`${backend.name} ${backend.family} does not hold what was measured`);
    }
  }

  close(): void {
    this.#pipeline.close();
    for (const backend of this.#backends) backend.close();
  }

  async #timeToCommit(events: readonly ObjectEvent[]): Promise<number> {
    const start = performance.now();
    this.#pipeline.apply(events);
    await this.#pipeline.settled();
    return (performance.now() - start) * 1000;
  }
}
