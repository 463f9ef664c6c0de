import { Child, NODE_FLAGS, withChild } from '../../process/child.ts';
import type { Progress } from '../common/progress.ts';
import { Daemon } from './daemon.ts';
import type { NodeCommands } from './messages.ts';
import {
  type ChangeSamples,
  Stage,
  type StageOptions,
  type StartSample,
  type TrialCluster,
} from './stage.ts';

/** One start of one daemon, and the changes that it then sees. */
export interface TrialOptions extends StageOptions {
  readonly command: string;
  readonly changes: number;
}

export interface TrialSamples {
  readonly start: StartSample;
  readonly changes: ChangeSamples;
}

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
