import type { Decision } from './situation.ts';

/** Whether an observed decision is one that the model allows. */
export function agrees(expected: Decision, seen: Decision): boolean {
  if (expected.action !== 'dnat' || seen.action !== 'dnat') return expected.action === seen.action;
  if (expected.endpoints.size !== seen.endpoints.size) return false;
  return [...expected.endpoints].every(([endpoint, masquerade]) => {
    const found = seen.endpoints.get(endpoint);
    return found !== undefined && (masquerade === 'either' || masquerade === found);
  });
}

/** A decision in one line, the same for equal ones. */
export function decisionText(decision: Decision): string {
  if (decision.action !== 'dnat') return decision.action;
  const endpoints = [...decision.endpoints].map(
    ([endpoint, masquerade]) => `${endpoint} (masquerade: ${masquerade})`,
  );
  return `dnat to ${endpoints.toSorted().join(', ')}`;
}
