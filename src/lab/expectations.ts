import { clientsOf, tally } from './agent-client.ts';
import type { ProbeResult } from './agent-protocol.ts';

/**
 * What is wrong with results that should be spread evenly over the named servers; empty if nothing is.
 *
 * Six standard deviations: chance alone fails one run in hundreds of millions.
 */
export function unevenness(results: readonly ProbeResult[], names: readonly string[]): string[] {
  const counts = tally(results);
  const share = 1 / names.length;
  const expected = results.length * share;
  const tolerance = 6 * Math.sqrt(expected * (1 - share));
  const strangers = Object.keys(counts).filter((name) => !names.includes(name));
  const uneven = names.filter((name) => Math.abs((counts[name] ?? 0) - expected) > tolerance);
  return [
    ...strangers.map(
      (name) => `expected answers of ${names.join(', ')} only; ${name} came ${counts[name]} times`,
    ),
    ...uneven.map(
      (name) => `expected about ${Math.round(expected)} answers of ${name}, saw ${counts[name] ?? 0}`,
    ),
  ];
}

/** What is wrong if one of the named servers, whichever, should have answered every request. */
export function notOneServer(results: readonly ProbeResult[], names: readonly string[]): string[] {
  const seen = Object.keys(tally(results));
  return seen.length === 1 && names.includes(seen[0] ?? '')
    ? []
    : [`expected one of ${names.join(', ')} each time, saw ${seen.join(', ')}`];
}

/** What is wrong if every request should have ended with an error code. */
export function notAll(results: readonly ProbeResult[], code: string): string[] {
  const { [code]: count = 0, ...others } = tally(results);
  return count === results.length ? [] : [`expected ${code} each time, saw ${JSON.stringify(others)}`];
}

/** What is wrong if servers should have seen this client address and no other. */
export function notFrom(results: readonly ProbeResult[], address: string): string[] {
  const seen = clientsOf(results);
  return seen.length === 1 && seen[0] === address
    ? []
    : [`expected client ${address}, servers saw ${seen.join(', ')}`];
}
