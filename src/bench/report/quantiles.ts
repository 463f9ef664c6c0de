import { percentile, tenths } from '../common/statistics.ts';
import type { Quantile } from './section.ts';

/** Closer together where a distribution bends: in its tail. */
const PERCENTS = [0, 1, 5, 10, 25, 50, 75, 90, 95, 98, 99, 99.5, 99.8, 99.9, 99.95, 99.99, 100];

/**
 * What a distribution plot needs of many samples, small enough for a JSON report. A percentile that fewer than one
 * sample lies above is left out: it would only repeat the largest one. There must be at least one sample.
 */
export function quantilesOf(samples: readonly number[]): Quantile[] {
  const sorted = Float64Array.from(samples).sort();
  const told = PERCENTS.filter((percent) => percent === 100 || (1 - percent / 100) * sorted.length >= 1);
  return told.map((percent) => ({ percent, value: tenths(percentile(sorted, percent)) }));
}
