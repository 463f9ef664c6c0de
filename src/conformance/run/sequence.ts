import { setTimeout as pause } from 'node:timers/promises';
import { describeOutcome } from '../judge/describe.ts';
import { outcomeOf } from '../probe/outcome.ts';
import type { Sequence, Step } from '../vectors/vector.ts';
import type { Failure } from './check.ts';
import type { RunningNode } from './running-node.ts';

/** The chance to find nothing wrong with a proxy without affinity, and how often a sequence is played at most for that. */
const MAX_LUCK = 1e-6;
const MAX_ROUNDS = 8;

/** Plays a sequence; more than once if it takes no time and a proxy that picks at random might pass by luck. */
export async function runSequence(node: RunningNode, sequence: Sequence): Promise<Failure | undefined> {
  for (let round = 0; round < roundsOf(sequence); round++) {
    await node.proxy.forgetAffinity();
    const failure = await play(node, sequence);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

export function hasPauses({ steps }: Sequence): boolean {
  return steps.some(({ afterSeconds }) => afterSeconds > 0);
}

function roundsOf(sequence: Sequence): number {
  if (hasPauses(sequence)) return 1;
  let luck = 1;
  for (const { expect } of sequence.steps) {
    const first = sequence.steps[expect.sameEndpointAsStep ?? -1];
    luck /= first?.expect.anyOf?.length ?? 1;
  }
  return luck === 1 ? 1 : Math.min(MAX_ROUNDS, Math.ceil(Math.log(MAX_LUCK) / Math.log(luck)));
}

async function play({ exchange }: RunningNode, { steps }: Sequence): Promise<Failure | undefined> {
  const endpoints: string[] = [];
  for (const [index, step] of steps.entries()) {
    if (step.afterSeconds > 0) await pause(step.afterSeconds * 1000);
    const [outcome] = exchange.send(step, 1).map(outcomeOf);
    const allowed = allowedEndpoints(step, endpoints);
    const endpoint = outcome?.kind === 'passed' ? outcome.endpoint : undefined;
    if (endpoint === undefined || !allowed.includes(endpoint)) {
      return {
        expected: `step ${index} (${step.name}): ${allowed.join(' or ')}`,
        seen: outcome === undefined ? 'nothing' : describeOutcome(outcome),
      };
    }
    endpoints.push(endpoint);
  }
  return undefined;
}

function allowedEndpoints({ expect }: Step, soFar: readonly string[]): readonly string[] {
  const { anyOf, sameEndpointAsStep } = expect;
  if (sameEndpointAsStep === undefined) return anyOf ?? [];
  const same = soFar[sameEndpointAsStep];
  return same !== undefined && (anyOf?.includes(same) ?? true) ? [same] : [];
}
