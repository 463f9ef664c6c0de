import test from 'ava';
import { describeExpectation, describeOutcomes } from '../../src/conformance/judge/describe.ts';
import { meets } from '../../src/conformance/judge/flow.ts';
import { sampleSize } from '../../src/conformance/judge/sample-size.ts';
import { type Outcome, outcomeOf, type Passed } from '../../src/conformance/probe/outcome.ts';
import type { Translation } from '../../src/conformance/vectors/vector.ts';

const REQUEST = {
  kind: 'request',
  transport: 'TCP',
  source: '10.0.0.1',
  sourcePort: 1,
  destination: '10.0.0.2',
  destinationPort: 2,
  id: 3,
  isIntact: true,
} as const;

const [A, B, C] = ['10.1.1.1:80', '10.1.1.2:80', '10.1.1.3:80'] as const;

function passed(endpoint: string, masqueraded: Passed['masqueraded'] = 'no'): Outcome {
  return {
    kind: 'passed',
    endpoint,
    isUnchanged: endpoint === C,
    masqueraded,
    sighting: { interface: 0, seen: REQUEST },
  };
}

function times(count: number, outcome: Outcome): Outcome[] {
  return new Array<Outcome>(count).fill(outcome);
}

const told = test.macro((t, refusal: string | undefined, expected: Outcome) => {
  t.deepEqual(outcomeOf({ request: REQUEST, isFromNode: true, refusal, sightings: [] }), expected);
});

test('NEP-06 a process that is told ECONNREFUSED by the call was rejected', told, 'ECONNREFUSED', {
  kind: 'rejected',
});
test('NEP-12 a process that is told EPERM was dropped', told, 'EPERM', { kind: 'dropped' });
test('a process that is told something else', told, 'ENETUNREACH', {
  kind: 'other',
  what: 'not sent: ENETUNREACH',
});
test('a process that is told nothing, and no packet is seen', told, undefined, { kind: 'dropped' });

const REJECTED: Outcome = { kind: 'rejected' };
const DROPPED: Outcome = { kind: 'dropped' };
const RESET: Outcome = { kind: 'other', what: 'TCP reset' };

function to(endpoints: readonly string[], fields: Partial<Translation> = {}): Translation {
  return { action: 'dnat', endpoints, masquerade: false, masqueradeFor: [], masqueradeAny: [], ...fields };
}

test('a flow that is rejected, dropped or passes: every connection of it', (t) => {
  t.true(meets({ action: 'reject' }, times(8, REJECTED)));
  t.true(meets({ action: 'drop' }, times(8, DROPPED)));
  t.true(meets({ action: 'none' }, times(8, passed(C))));
  for (const action of ['reject', 'drop', 'none'] as const) {
    const right = { reject: REJECTED, drop: DROPPED, none: passed(C) }[action];
    for (const wrong of [REJECTED, DROPPED, RESET, passed(A), passed(C), passed(C, 'port')]) {
      if (JSON.stringify(wrong) === JSON.stringify(right)) continue;
      t.false(meets({ action }, [...times(7, right), wrong]), `${action}, but one ${JSON.stringify(wrong)}`);
    }
  }
});

test('all endpoints of a list, and no other', (t) => {
  t.true(meets(to([A, B]), [passed(A), passed(B), passed(A)]));
  t.false(meets(to([A, B]), [passed(A), passed(A)]));
  t.false(meets(to([A, B]), [passed(A), passed(B), passed(C)]));
  t.false(meets(to([A]), [passed(C)]));
  t.false(meets(to([A]), [passed(A), DROPPED]));
  t.false(meets(to([A]), [passed(A), REJECTED]));
});

test('whether the source is changed, by endpoint', (t) => {
  t.true(meets(to([A], { masquerade: true }), [passed(A, 'address'), passed(A, 'address')]));
  t.false(meets(to([A], { masquerade: true }), [passed(A, 'address'), passed(A, 'no')]));
  t.false(meets(to([A]), [passed(A, 'address')]));
  const hairpin = to([A, B], { masqueradeFor: [A] });
  t.true(meets(hairpin, [passed(A, 'address'), passed(B)]));
  t.false(meets(hairpin, [passed(A), passed(B)]));
  t.false(meets(hairpin, [passed(A, 'address'), passed(B, 'address')]));
  const either = to([A, B], { masqueradeAny: [A] });
  t.true(meets(either, [passed(A), passed(A, 'address'), passed(B)]));
  t.false(meets(either, [passed(A), passed(B, 'address')]));
});

test('a port that a random choice left as it was says nothing among many that it changed', (t) => {
  const masquerade = to([A], { masquerade: true });
  t.true(meets(masquerade, [...times(29, passed(A, 'port')), ...times(2, passed(A))]));
  t.false(meets(masquerade, [...times(28, passed(A, 'port')), ...times(3, passed(A))]));
  t.false(meets(masquerade, [...times(30, passed(A, 'address')), passed(A)]));
  t.false(meets(masquerade, [...times(7, passed(A, 'port')), passed(A)]));
  t.true(meets(to([A]), [...times(29, passed(A)), passed(A, 'port')]));
  t.false(meets(to([A]), [...times(30, passed(A)), passed(A, 'address')]));
});

test('so many connections that a miss of one endpoint, or of one too many, is rarer than 1e-9', (t) => {
  for (const endpoints of [1, 2, 3, 10, 100]) {
    const candidates = endpoints + 1;
    const miss = (draws: number): number => candidates * (1 - 1 / candidates) ** draws;
    t.true(miss(sampleSize(endpoints)) <= 1e-9);
    t.true(miss(sampleSize(endpoints) - 1) > 1e-9);
  }
  t.is(sampleSize(0), 8);
});

test('expectations and outcomes in words', (t) => {
  t.is(
    describeExpectation(to([A, B, C], { masqueradeFor: [B], masqueradeAny: [C] })),
    `${A} not masqueraded; ${B} masqueraded; ${C} masqueraded or not`,
  );
  t.is(describeExpectation({ action: 'reject' }), 'rejected (ICMP port unreachable)');
  t.is(
    describeOutcomes([...times(2, passed(A, 'port')), DROPPED, passed(C), RESET]),
    `2x ${A} masqueraded; TCP reset; dropped; passes unchanged`,
  );
});
