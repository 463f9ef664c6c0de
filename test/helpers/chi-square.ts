/**
 * Pearson's chi-square statistic of counts against an even spread, and whether an even spread would exceed it only
 * once in about 100,000 times (then the spread is not even, for all we know).
 *
 * The critical value is the approximation of Wilson and Hilferty (1931), good to a percent from one degree of
 * freedom on.
 */
export function isEvenSpread(counts: readonly number[]): boolean {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const statistic = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  return statistic <= criticalValue(counts.length - 1);
}

/** Quantile of the normal distribution at 1 - 1e-5. */
const Z = 4.265;

function criticalValue(degreesOfFreedom: number): number {
  const a = 2 / (9 * degreesOfFreedom);
  return degreesOfFreedom * (1 - a + Z * Math.sqrt(a)) ** 3;
}
