import test, { type ExecutionContext } from 'ava';
import { AffinityModel } from './model/affinity.ts';
import { conntrackFate } from './model/conntrack.ts';
import { decide } from './model/decide.ts';
import { healthAnswer } from './model/health-checks.ts';
import { modelOf } from './model/model.ts';
import type { Decision } from './situation.ts';
import { expectedDecision, nftablesFlows, readVectors, type SequenceStep, type Vector } from './vectors.ts';

const vectors = readVectors();

function describe(decision: Decision): string {
  if (decision.action !== 'dnat') return decision.action;
  const endpoints = [...decision.endpoints].map(([endpoint, masquerade]) => `${endpoint} ${masquerade}`);
  return `dnat ${endpoints.toSorted().join(', ')}`;
}

test('the reference model decides each flow of the vectors', (t) => {
  t.true(vectors.length > 0);
  for (const vector of vectors) {
    const model = modelOf(vector);
    for (const flow of nftablesFlows(vector)) {
      const name = `${vector.id}: ${flow.name}`;
      t.is(describe(decide(model, flow)), describe(expectedDecision(flow.expect)), name);
    }
  }
});

test('the reference model decides each conntrack entry of the vectors, the better way where there is one', (t) => {
  for (const vector of vectors) {
    const model = modelOf(vector);
    for (const entry of vector.conntrack ?? []) {
      const expected = entry.expect === 'either' ? entry.preferred : entry.expect;
      t.deepEqual([conntrackFate(model, entry)], [expected], `${vector.id}: ${entry.name}`);
    }
  }
});

test('the reference model answers each health check of the vectors', (t) => {
  for (const vector of vectors) {
    for (const { service, family, port, expect } of vector.healthChecks ?? []) {
      t.like(healthAnswer(modelOf(vector), service, family, port), expect, vector.id);
    }
  }
});

test('the reference model keeps each affinity sequence of the vectors, whichever endpoints are drawn', (t) => {
  for (const vector of vectors) {
    for (const { name, steps } of vector.sequences ?? []) {
      for (const draw of [0, 1, 2, 3]) follow(t, vector, `${vector.id}: ${name}`, steps, draw);
    }
  }
});

function follow(
  t: ExecutionContext,
  vector: Vector,
  name: string,
  steps: readonly SequenceStep[],
  draw: number,
): void {
  const affinity = new AffinityModel(modelOf(vector));
  const drawn: string[] = [];
  let now = 0;
  for (const step of steps) {
    now += step.afterSeconds ?? 0;
    const decision = affinity.decide(step, now);
    const possible = decision.action === 'dnat' ? [...decision.endpoints.keys()] : [];
    const { expect } = step;
    const allowed = 'anyOf' in expect ? expect.anyOf : [drawn[expect.sameEndpointAsStep]];
    t.deepEqual(possible.toSorted(), allowed.toSorted(), `${name}: ${step.name}`);
    const endpoint = possible[(draw + drawn.length) % possible.length] ?? 'none';
    drawn.push(endpoint);
    affinity.connected(step, endpoint, now);
  }
}
