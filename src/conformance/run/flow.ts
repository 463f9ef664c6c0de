import { describeExpectation, describeOutcomes } from '../judge/describe.ts';
import { meets } from '../judge/flow.ts';
import { sampleSize } from '../judge/sample-size.ts';
import type { Trial } from '../probe/exchange.ts';
import { outcomeOf, type Passed } from '../probe/outcome.ts';
import type { Expectation, FirstPacket } from '../vectors/vector.ts';
import type { Failure } from './check.ts';
import type { RunningNode } from './running-node.ts';

/** Opens connections as a flow says until all that may happen must have happened, and judges what did. */
export async function runFlow(
  node: RunningNode,
  packet: FirstPacket,
  alternatives: readonly Expectation[],
): Promise<Failure | undefined> {
  const trials = await openConnections(node, packet, Math.max(...alternatives.map(connectionsFor)));
  const outcomes = trials.map(outcomeOf);
  const met = alternatives.find((expect) => meets(expect, outcomes));
  if (met === undefined) {
    const expected = alternatives.map(describeExpectation).join(', or ');
    return { expected, seen: describeOutcomes(outcomes) };
  }
  return met.action === 'dnat' ? answerAll(node, trials) : undefined;
}

function connectionsFor(expect: Expectation): number {
  return sampleSize(expect.action === 'dnat' ? expect.endpoints.length : 0);
}

/** A flow is about a client without affinity binding. */
async function openConnections(node: RunningNode, packet: FirstPacket, count: number): Promise<Trial[]> {
  if (!node.proxy.hasAffinity) return node.exchange.send(packet, count);
  const trials: Trial[] = [];
  for (let i = 0; i < count; i++) {
    await node.proxy.forgetAffinity();
    trials.push(...node.exchange.send(packet, 1));
  }
  return trials;
}

/** Each endpoint answers one connection; the client must see the answer come from where it sent its request to. */
function answerAll({ exchange }: RunningNode, trials: readonly Trial[]): Failure | undefined {
  const firstOf = new Map<string, { trial: Trial; passed: Passed }>();
  for (const trial of trials) {
    const passed = outcomeOf(trial);
    if (passed.kind !== 'passed' || firstOf.has(passed.endpoint)) continue;
    firstOf.set(passed.endpoint, { trial, passed });
  }
  for (const [endpoint, { trial, passed }] of firstOf) {
    const seen = exchange.answer(trial, passed.sighting);
    if (seen !== undefined) return { expected: `the answer of ${endpoint} as one of the service`, seen };
  }
  return undefined;
}
