import { setTimeout as delay } from 'node:timers/promises';
import type { Child } from '../../process/child.ts';
import type { Random } from '../common/random.ts';
import type { ClusterSize } from './cluster-plan.ts';
import type { Daemon } from './daemon.ts';
import type { Answered, ClusterCommands, NodeCommands, Readiness } from './messages.ts';

export interface StageOptions {
  /** The mean pause before a change. */
  readonly pauseMs: number;
  readonly timeoutMs: number;
}

/** The cluster while it is measured with. */
export interface TrialCluster {
  readonly size: ClusterSize;
  readonly process: Child<ClusterCommands>;
  readonly clusterIPs: readonly string[];
  /** The services that are probed, and the endpoint that each has now. */
  readonly probed: Map<number, number>;
  readonly random: Random;
  /** The number of an endpoint that nobody had so far. */
  readonly nextEndpoint: () => number;
}

/** Times are in microseconds, memory in megabytes. */
export interface StartSample {
  readonly first: number;
  readonly all: number;
  /** Until all services answered. */
  readonly cpu: number;
  readonly memory: number;
}

export interface ChangeSamples {
  readonly latencies: readonly number[];
  /** By how much each latency may be too long. */
  readonly gaps: readonly number[];
  /** For all changes, the warm-up left out. */
  readonly cpu: number;
  readonly memory: number;
}

/**
 * Changes that come first, without pauses, and are not counted: until then a daemon may not have compiled its code. A daemon
 * that makes few changes a second gets fewer of them.
 */
const WARM_UP = 300;
const WARM_UP_MS = 3000;

/** Pauses are random in steps fine enough that no timer of a daemon is in step with them. */
const PAUSE_STEPS = 1000;

/** A cluster, a node and a daemon on it, at work. */
export class Stage {
  readonly #cluster: TrialCluster;
  readonly #options: StageOptions;
  readonly #node: Child<NodeCommands>;
  readonly #daemon: Daemon;

  constructor(cluster: TrialCluster, options: StageOptions, node: Child<NodeCommands>, daemon: Daemon) {
    this.#cluster = cluster;
    this.#options = options;
    this.#node = node;
    this.#daemon = daemon;
  }

  async start(): Promise<StartSample> {
    const { clusterIPs, size, probed } = this.#cluster;
    const { timeoutMs } = this.#options;
    const readiness = this.#node.ask('becomeReady', { clusterIPs, size, probed, timeoutMs });
    const cpuBefore = this.#daemon.cpuTime();
    const startedAt = this.#daemon.start();
    const { firstAt, allAt } = this.#checked(await this.#unlessEnded(readiness));
    const cpu = this.#daemon.cpuTime() - cpuBefore;
    return { first: firstAt - startedAt, all: allAt - startedAt, cpu, memory: this.#daemon.memory() };
  }

  async warmUp(): Promise<void> {
    const end = performance.now() + WARM_UP_MS;
    for (let done = 0; done < WARM_UP && performance.now() < end; done++) await this.#change(0);
  }

  async changes(count: number): Promise<ChangeSamples> {
    const latencies: number[] = [];
    const gaps: number[] = [];
    const cpuBefore = this.#daemon.cpuTime();
    while (latencies.length < count) {
      const { latency, gap } = await this.#change(this.#options.pauseMs);
      latencies.push(latency);
      gaps.push(gap);
    }
    return { latencies, gaps, cpu: this.#daemon.cpuTime() - cpuBefore, memory: this.#daemon.memory() };
  }

  async #change(pauseMs: number): Promise<{ latency: number; gap: number }> {
    const { process, clusterIPs, probed, random, nextEndpoint } = this.#cluster;
    const { timeoutMs } = this.#options;
    const service = [...probed.keys()][random(probed.size)] ?? 0;
    const endpoint = nextEndpoint();
    const answered = this.#node.ask('awaitEndpoint', {
      clusterIP: clusterIPs[service] ?? '',
      endpoint,
      timeoutMs,
    });
    answered.catch(() => {}); // Told below, unless the change itself fails.
    await delay((2 * pauseMs * random(PAUSE_STEPS)) / PAUSE_STEPS);
    const askedAt = await process.ask('replace', { service, endpoint });
    probed.set(service, endpoint);
    const { at, gap } = this.#inTime(await this.#unlessEnded(answered));
    return { latency: at - askedAt, gap };
  }

  #unlessEnded<Result>(result: Promise<Result>): Promise<Result> {
    return Promise.race([result, this.#daemon.ended]);
  }

  #checked({ firstAt, allAt, missing }: Readiness): { firstAt: number; allAt: number } {
    if (firstAt !== null && allAt !== null) return { firstAt, allAt };
    const seconds = this.#options.timeoutMs / 1000;
    throw this.#daemon.failure(
      firstAt === null
        ? `no service answered within ${seconds} s`
        : `${missing} services did not answer within ${seconds} s`,
    );
  }

  #inTime(answered: Answered | null): Answered {
    if (answered !== null) return answered;
    throw this.#daemon.failure(`a new endpoint did not answer within ${this.#options.timeoutMs / 1000} s`);
  }
}
