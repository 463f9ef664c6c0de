import { setTimeout as delay } from 'node:timers/promises';
import { Child, NODE_FLAGS, withChild } from '../../process/child.ts';
import type { Progress } from '../common/progress.ts';
import type { Random } from '../common/random.ts';
import type { ClusterSize } from './cluster-plan.ts';
import { Daemon } from './daemon.ts';
import type { Answered, ClusterCommands, NodeCommands, Readiness } from './messages.ts';

/** One start of one daemon, and the changes that it then sees. */
export interface TrialOptions {
  readonly command: string;
  readonly changes: number;
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
export interface TrialSamples {
  readonly start: StartSample;
  readonly changes: ChangeSamples;
}

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

/** The wheels of a timer: a change is made at no time that a daemon's own timers could know. */
const PAUSE_STEPS = 1000;

export function runTrial(
  cluster: TrialCluster,
  options: TrialOptions,
  progress: Progress,
): Promise<TrialSamples> {
  return withChild(newNode(), async (node) => {
    const { namespace } = await node.ask('open', null);
    const kubeconfig = await cluster.process.ask('admit', { namespace });
    const daemon = new Daemon({ command: options.command, kubeconfig, network: namespace });
    try {
      await daemon.prepared();
      const stage = new Stage(cluster, options, node, daemon);
      progress('starting');
      const start = await stage.start();
      progress('changes');
      await stage.warmUp();
      return { start, changes: await stage.changes(options.changes) };
    } finally {
      await daemon.stop();
    }
  });
}

function newNode(): Child<NodeCommands> {
  return new Child<NodeCommands>(new URL('node-process.ts', import.meta.url), NODE_FLAGS);
}

class Stage {
  readonly #cluster: TrialCluster;
  readonly #options: TrialOptions;
  readonly #node: Child<NodeCommands>;
  readonly #daemon: Daemon;

  constructor(cluster: TrialCluster, options: TrialOptions, node: Child<NodeCommands>, daemon: Daemon) {
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
