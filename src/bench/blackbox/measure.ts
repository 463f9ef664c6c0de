import { Child, withChild } from '../../process/child.ts';
import type { Progress } from '../common/progress.ts';
import { seededRandom } from '../common/random.ts';
import { type ClusterSize, firstEndpoint, firstSpareEndpoint, probedServices } from './cluster-plan.ts';
import { DaemonFailure } from './daemon.ts';
import type { DaemonCommand } from './daemon-command.ts';
import type { ClusterCommands } from './messages.ts';
import type { TrialCluster } from './stage.ts';
import { runTrial, type TrialSamples } from './trial.ts';

export interface Case extends ClusterSize {
  readonly daemons: readonly DaemonCommand[];
  /** How often each daemon is started, in turns. */
  readonly starts: number;
  /** Changes that each daemon sees, over all its starts. */
  readonly changes: number;
  readonly pauseMs: number;
  readonly timeoutMs: number;
  /** Of an API server to use instead of the embedded one. */
  readonly kubeconfig: string | undefined;
  readonly seed: number;
}

/** What came of a daemon: all its trials, or why it could not be measured. */
export type Outcome = { readonly trials: readonly TrialSamples[] } | { readonly failure: DaemonFailure };

/** Measures all daemons with one cluster, by name. A daemon that failed is not started again. */
export function measure(it: Case, progress: Progress): Promise<ReadonlyMap<string, Outcome>> {
  return withChild(clusterProcess(it.kubeconfig), async (process) => {
    progress('filling the API server');
    const size = { services: it.services, endpoints: it.endpoints };
    let endpoint = firstSpareEndpoint(size);
    const cluster: TrialCluster = {
      size,
      process,
      clusterIPs: await process.ask('fill', size),
      probed: new Map(probedServices(size).map((service) => [service, firstEndpoint(size, service)])),
      random: seededRandom(it.seed),
      nextEndpoint: () => endpoint++,
    };
    return runTrials(it, cluster, progress);
  });
}

async function runTrials(it: Case, cluster: TrialCluster, progress: Progress): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  const { pauseMs, timeoutMs } = it;
  const changes = Math.ceil(it.changes / it.starts);
  for (let round = 0; round < it.starts; round++) {
    for (const { name, command } of rotated(it.daemons, round)) {
      const before = outcomes.get(name) ?? { trials: [] };
      if ('failure' in before) continue;
      const tell: Progress = (text) => progress(`${name} ${round + 1}/${it.starts}, ${text}`);
      outcomes.set(
        name,
        await runTrial(cluster, { command, changes, pauseMs, timeoutMs }, tell).then(
          (trial) => ({ trials: [...before.trials, trial] }),
          asOutcome,
        ),
      );
    }
  }
  return outcomes;
}

/** Whatever else went wrong is no figure of a daemon. */
function asOutcome(error: unknown): Outcome {
  if (error instanceof DaemonFailure) return { failure: error };
  throw error;
}

/** Each comes first in turn: what changes with time is nobody's advantage. */
function rotated<Item>(items: readonly Item[], by: number): Item[] {
  const start = by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}

function clusterProcess(kubeconfig: string | undefined): Child<ClusterCommands> {
  if (kubeconfig === undefined) return new Child(new URL('embedded-process.ts', import.meta.url), []);
  return new Child(new URL('external-process.ts', import.meta.url), [], [kubeconfig]);
}
