/**
 * The source behind `nodeplane run --kubeconfig FILE`, `--master URL` and in pods: objects of an API server.
 *
 * In: how to reach it. Out: events, the first batch when every kind has been listed completely (START-02), and problems.
 * While the server is away, whatever was known stays; when it is back, only the differences come (START-10).
 */
import type { Kind, ObjectEvent } from '../api/objects.ts';
import { type ConnectionOptions, loadClusterConfig } from './config/cluster-config.ts';
import { credentialsOf } from './config/credentials.ts';
import { EventBatch } from './event-batch.ts';
import { ApiClient } from './http/api-client.ts';
import { transportOf } from './http/transport-of.ts';
import type { KubernetesProblem } from './problem.ts';
import { Reflector } from './reflector/reflector.ts';
import { resourcesOf } from './reflector/resource.ts';
import { ResourceApi } from './reflector/resource-api.ts';
import { TIMINGS, type Timings } from './timings.ts';
import { USER_AGENT } from './user-agent.ts';

/** None of the functions may throw: there is nobody who could handle it. */
export interface KubernetesSourceOptions extends ConnectionOptions {
  /** This node; of Nodes only it is followed (NODE-02). */
  readonly nodeName: string;
  /** The first batch is the complete state and comes even if it is empty; later ones have at least one event. */
  readonly onEvents: (events: readonly ObjectEvent[]) => void;
  /** Called once for a problem, when it appears. */
  readonly onProblem: (problem: KubernetesProblem) => void;
  /** A problem with a kind as a whole is over. */
  readonly onHealthy?: (kind: Kind) => void;
  readonly timings?: Partial<Timings>;
  /** Numbers from 0 to below 1, for waits that differ from node to node. */
  readonly random?: () => number;
}

export class KubernetesSource {
  readonly #options: KubernetesSourceOptions;
  readonly #closed = new AbortController();
  readonly #batch: EventBatch;
  #client: ApiClient | undefined;
  #reflectors: readonly Reflector[] = [];
  #unsyncedCount = 0;

  constructor(options: KubernetesSourceOptions) {
    this.#options = options;
    this.#batch = new EventBatch(options.onEvents);
  }

  /**
   * Resolves when the first batch was given out; the server is waited for, however long it takes (START-09).
   * Rejects if the configuration is wrong, or when the source is closed before.
   */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      const { signal } = this.#closed;
      signal.throwIfAborted();
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      this.#client = this.#connect();
      this.#reflectors = this.#makeReflectors(this.#client, resolve);
      this.#unsyncedCount = this.#reflectors.length;
      for (const reflector of this.#reflectors) void reflector.run(signal);
    });
  }

  /** Ends all connections; nothing is given out any more. */
  close(): void {
    this.#closed.abort();
    this.#batch.close();
    this.#client?.close();
  }

  #timings(): Timings {
    return { ...TIMINGS, ...this.#options.timings };
  }

  #connect(): ApiClient {
    const timings = this.#timings();
    const config = loadClusterConfig(this.#options);
    const credentials = credentialsOf(config, timings.tokenAge);
    const transport = transportOf(config, credentials, timings);
    return new ApiClient({
      server: new URL(config.cluster.server),
      transport,
      credentials,
      userAgent: USER_AGENT,
    });
  }

  #makeReflectors(client: ApiClient, onAllSynced: () => void): readonly Reflector[] {
    const { nodeName, onProblem, onHealthy = () => {}, random = Math.random } = this.#options;
    return resourcesOf(nodeName).map(
      (resource) =>
        new Reflector({
          resource,
          api: new ResourceApi(client, resource),
          timings: this.#timings(),
          random,
          onProblem,
          onHealthy,
          onEvents: (events) => this.#take(events),
          onSynced: () => this.#synced(onAllSynced),
        }),
    );
  }

  /** Before all is known, the stores remember; nothing is given out. */
  #take(events: readonly ObjectEvent[]): void {
    if (this.#unsyncedCount === 0 && !this.#closed.signal.aborted) this.#batch.add(events);
  }

  #synced(onAllSynced: () => void): void {
    this.#unsyncedCount--;
    if (this.#unsyncedCount > 0 || this.#closed.signal.aborted) return;
    this.#options.onEvents(this.#reflectors.flatMap(({ store }) => store.puts()));
    onAllSynced();
  }
}
