import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ObjectEvent } from '../../api/objects.ts';
import type { Backend } from '../../backends/backend.ts';
import { readProxyConfig } from '../../config/read-proxy-config.ts';
import { satisfies } from '../../delta/programmed-table.ts';
import { Pipeline } from '../../pipeline.ts';
import { THIS_NODE } from '../common/manifests.ts';
import { seededRandom } from '../common/random.ts';
import { type ChurnRequest, type ChurnSamples, churn } from './churn.ts';
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
  readonly #changes: Iterator<ObjectEvent[], never>;
  readonly #pipeline: Pipeline;

  constructor(options: SubjectOptions) {
    const { backends, services, endpoints, seed, onFailure } = options;
    this.#backends = backends;
    this.#cluster = new Cluster(services, endpoints, seededRandom(seed));
    this.#changes = this.#cluster.churn();
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
   * Makes changes one by one, each in a turn of the event loop of its own, `gap` microseconds after the one before.
   * Microseconds of each. The objects are made before the first: nothing but the pipeline works in between.
   */
  change(change: Change, count: number, gap: number): Promise<number[]> {
    return this.#oneByOne(
      Array.from({ length: count }, () => this.#cluster.change(change)),
      gap,
    );
  }

  /** Creates a service with so many endpoints, replaces each of them, and deletes it. Microseconds of each replacement. */
  async rolling(endpoints: number, gap: number): Promise<number[]> {
    const { created, steps, deleted } = this.#cluster.rolling(endpoints);
    await this.#timeToCommit(created);
    const latencies = await this.#oneByOne(
      steps.map((step) => [step]),
      gap,
    );
    await this.#timeToCommit(deleted);
    return latencies;
  }

  churn(request: ChurnRequest): Promise<ChurnSamples> {
    return churn(request, this.#changes, (events) => {
      this.#pipeline.apply(events);
      return this.#pipeline.settled();
    });
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

  async #oneByOne(changes: readonly (readonly ObjectEvent[])[], gap: number): Promise<number[]> {
    const latencies: number[] = [];
    for (const events of changes) {
      await nextTurn();
      waitBusily(gap);
      latencies.push(await this.#timeToCommit(events));
    }
    return latencies;
  }

  async #timeToCommit(events: readonly ObjectEvent[]): Promise<number> {
    const start = performance.now();
    this.#pipeline.apply(events);
    await this.#pipeline.settled();
    return (performance.now() - start) * 1000;
  }
}

/** As the floor does it: a processor that sleeps would be slow to wake up. */
function waitBusily(microseconds: number): void {
  const end = performance.now() + microseconds / 1000;
  while (performance.now() < end);
}
