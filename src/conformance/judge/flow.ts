import type { Outcome, Passed } from '../probe/outcome.ts';
import type { Expectation, Translation } from '../vectors/vector.ts';

/** Whether what became of the connections of a flow is what is expected of every one of them. */
export function meets(expect: Expectation, outcomes: readonly Outcome[]): boolean {
  if (expect.action === 'dnat') return isTranslated(expect, outcomes);
  return outcomes.every((outcome) => WITHOUT_TRANSLATION[expect.action](outcome));
}

const WITHOUT_TRANSLATION: Record<Exclude<Expectation['action'], 'dnat'>, (outcome: Outcome) => boolean> = {
  reject: ({ kind }) => kind === 'rejected',
  drop: ({ kind }) => kind === 'dropped',
  none: (outcome) => outcome.kind === 'passed' && outcome.isUnchanged && outcome.masqueraded === 'no',
};

function isTranslated(expect: Translation, outcomes: readonly Outcome[]): boolean {
  const passed = outcomes.filter((outcome) => outcome.kind === 'passed');
  if (passed.length < outcomes.length) return false;
  const byEndpoint = Map.groupBy(passed, ({ endpoint }) => endpoint);
  if (byEndpoint.size !== new Set(expect.endpoints).size) return false;
  return expect.endpoints.every((endpoint) => {
    const picked = byEndpoint.get(endpoint);
    return picked !== undefined && isMasqueradedAs(wantedMasquerade(expect, endpoint), picked);
  });
}

function wantedMasquerade(expect: Translation, endpoint: string): boolean | 'any' {
  if (expect.masqueradeAny.includes(endpoint)) return 'any';
  return expect.masquerade || expect.masqueradeFor.includes(endpoint);
}

/**
 * The new source port is random (MASQ-11). When the address stays the same (the node's own), one connection in some 64,000
 * keeps its port as well; and a connection that is not masqueraded gets another port when one that is has taken
 * its own. So up to two exceptions among many say nothing if only the port tells.
 */
const MAX_COINCIDENCES = 2;
const MANY = 8;

function isMasqueradedAs(wanted: boolean | 'any', picked: readonly Passed[]): boolean {
  if (wanted === 'any') return true;
  const wrong = picked.filter(({ masqueraded }) => (masqueraded !== 'no') !== wanted);
  if (wrong.length === 0) return true;
  const onlyPortTells = picked.every(({ masqueraded }) => masqueraded !== 'address');
  return onlyPortTells && wrong.length <= MAX_COINCIDENCES && picked.length - wrong.length >= MANY;
}
