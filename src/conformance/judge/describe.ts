import type { Outcome } from '../probe/outcome.ts';
import type { Expectation } from '../vectors/vector.ts';

/** `10.0.0.5:80 masqueraded, or ...` */
export function describeExpectation(expect: Expectation): string {
  if (expect.action !== 'dnat') return WORDS[expect.action];
  const groups = Map.groupBy(expect.endpoints, (endpoint) => {
    if (expect.masqueradeAny.includes(endpoint)) return 'masqueraded or not';
    return masqueradeText(expect.masquerade || expect.masqueradeFor.includes(endpoint));
  });
  return [...groups].map(([how, endpoints]) => `${endpoints.join(', ')} ${how}`).join('; ');
}

const WORDS = {
  reject: 'rejected (ICMP port unreachable)',
  drop: 'dropped',
  none: 'passes unchanged',
} as const;

/** Each outcome once, with how often it came: `8x dropped; 3x 10.0.0.5:80 masqueraded`. */
export function describeOutcomes(outcomes: readonly Outcome[]): string {
  const groups = Map.groupBy(outcomes, describeOutcome);
  return [...groups]
    .map(([text, { length }]) => (length === 1 ? text : `${length}x ${text}`))
    .toSorted()
    .join('; ');
}

export function describeOutcome(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'rejected':
      return WORDS.reject;
    case 'dropped':
      return WORDS.drop;
    case 'other':
      return outcome.what;
    case 'passed':
      if (outcome.isUnchanged && outcome.masqueraded === 'no') return WORDS.none;
      return `${outcome.endpoint} ${masqueradeText(outcome.masqueraded !== 'no')}`;
  }
}

function masqueradeText(isMasqueraded: boolean): string {
  return isMasqueraded ? 'masqueraded' : 'not masqueraded';
}
