import { describeExpectation, describeOutcomes } from '../judge/describe.ts';
import { meets } from '../judge/flow.ts';
import { sampleSize } from '../judge/sample-size.ts';
import { type Outcome, outcomeOf } from '../probe/outcome.ts';
import type { Expectation, FirstPacket } from '../vectors/vector.ts';
import type { Failure } from './check.ts';
import type { RunningNode } from './running-node.ts';

/** Opens connections as a flow says until all that may happen must have happened, and judges what did. */
export async function runFlow(
  node: RunningNode,
  packet: FirstPacket,
  alternatives: readonly Expectation[],
): Promise<Failure | undefined> {
  const connections = new Connections(node);
  await connections.open(packet, Math.max(...alternatives.map(connectionsFor)));
  const { outcomes, wrongAnswer } = connections;
  const met = alternatives.find((expect) => meets(expect, outcomes));
  if (met !== undefined) return met.action === 'dnat' ? wrongAnswer : undefined;
  return {
    expected: alternatives.map(describeExpectation).join(', or '),
    seen: describeOutcomes(outcomes),
  };
}

function connectionsFor(expect: Expectation): number {
  return sampleSize(expect.action === 'dnat' ? expect.endpoints.length : 0);
}

/**
 * Connections of one flow. The first to each endpoint is answered: the client must see the answer come from where
 * it sent its request to.
 */
class Connections {
  readonly #node: RunningNode;
  readonly #answered = new Set<string>();
  readonly outcomes: Outcome[] = [];
  wrongAnswer: Failure | undefined;

  constructor(node: RunningNode) {
    this.#node = node;
  }

  /** A flow is about a client without affinity binding: where there may be one, all are taken away before each connection. */
  async open(packet: FirstPacket, count: number): Promise<void> {
    const { hasAffinity } = this.#node.proxy;
    const atOnce = hasAffinity ? 1 : count;
    for (let left = count; left > 0; left -= atOnce) {
      if (hasAffinity) await this.#node.proxy.forgetAffinity();
      this.#openAtOnce(packet, atOnce);
    }
  }

  #openAtOnce(packet: FirstPacket, count: number): void {
    const { exchange } = this.#node;
    for (const trial of exchange.send(packet, count)) {
      const outcome = outcomeOf(trial);
      this.outcomes.push(outcome);
      if (outcome.kind !== 'passed' || this.#answered.has(outcome.endpoint)) continue;
      this.#answered.add(outcome.endpoint);
      const seen = exchange.answer(trial, outcome.sighting);
      const expected = `the answer of ${outcome.endpoint} as one of the service`;
      if (seen !== undefined) this.wrongAnswer ??= { expected, seen };
    }
  }
}
