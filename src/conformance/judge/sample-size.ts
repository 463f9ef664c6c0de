/** How often a right proxy may be called wrong, or one that uses a forbidden endpoint as often as the others right. */
const MAX_ERROR = 1e-9;

/** Connections of a flow that has one outcome: enough to see a proxy that does something else now and then. */
const ALWAYS_THE_SAME = 8;

/**
 * How many connections to open for a flow with so many endpoints, all equally likely (SEL-10): after them each
 * endpoint was picked, and so would have been one more that should not be. The chance that one of n is never picked in k
 * draws is at most n (1 - 1/n)^k.
 */
export function sampleSize(endpoints: number): number {
  if (endpoints === 0) return ALWAYS_THE_SAME;
  const candidates = endpoints + 1;
  return Math.ceil(Math.log(MAX_ERROR / candidates) / Math.log(1 - 1 / candidates));
}
