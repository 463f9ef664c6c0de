import type { ObjectEvent } from '../../api/objects.ts';
import type { Backend } from '../../backends/backend.ts';
import { readProxyConfig } from '../../config/read-proxy-config.ts';
import { satisfies } from '../../delta/programmed-table.ts';
import { KubernetesSource } from '../../kubernetes/kubernetes-source.ts';
import { describeProblem } from '../../kubernetes/problem.ts';
import { Pipeline } from '../../pipeline.ts';
import { openBackends } from '../common/backends.ts';
import { Arrivals } from './arrivals.ts';
import { cpuTime, monotonic } from './clock.ts';
import { CommitLog } from './commit-log.ts';
import type { StartRequest, StartTimes } from './messages.ts';
import { DAEMON_NODE } from './slices.ts';

/** Source, pipeline and backends, wired as in `nodeplane run`. Whatever goes wrong fails the benchmark. */
export class Daemon {
  readonly log: CommitLog = new CommitLog();
  readonly #arrivals = new Arrivals();
  readonly #backends: readonly Backend[];
  readonly #pipeline: Pipeline;
  readonly #source: KubernetesSource;
  #listedAt: number | undefined;

  constructor({ url, namespace }: StartRequest, fail: (error: unknown) => void) {
    this.#backends = openBackends('nftables', namespace);
    this.#pipeline = new Pipeline({
      config: readProxyConfig({}, DAEMON_NODE),
      backends: this.#backends,
      observer: {
        synced: () => this.log.transaction(),
        refused: ({ error }) => fail(error),
        failed: ({ error }) => fail(error),
      },
    });
    this.#source = new KubernetesSource({
      master: url,
      nodeName: DAEMON_NODE,
      onEvents: (events) => this.#take(events),
      onProblem: (problem) => fail(new Error(describeProblem(problem))),
    });
  }

  async start(): Promise<StartTimes> {
    const cpuBefore = cpuTime();
    const startedAt = monotonic();
    await this.#source.start();
    await this.#pipeline.settled();
    const committed = monotonic() - startedAt;
    const cpu = cpuTime() - cpuBefore;
    return { listed: (this.#listedAt ?? Number.NaN) - startedAt, committed, cpu };
  }

  arm(): void {
    this.#arrivals.clear();
    this.log.arm();
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

  #take(events: readonly ObjectEvent[]): void {
    const isFirst = this.#listedAt === undefined;
    this.#listedAt ??= monotonic();
    const readAt = this.#arrivals.take();
    this.#pipeline.apply(events);
    if (isFirst) return;
    void this.#pipeline.settled().then(() => this.log.committed(events.length, readAt, monotonic()));
  }
}
