import { type Distribution, percentile, tenths } from '../common/statistics.ts';
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

/** Those that a report prints. */
export function quantilesOfDistribution({
  p50_us,
  p90_us,
  p99_us,
  p999_us,
  max_us,
}: Distribution): Quantile[] {
  return [
    { percent: 50, value: p50_us },
    { percent: 90, value: p90_us },
    { percent: 99, value: p99_us },
    { percent: 99.9, value: p999_us },
    { percent: 100, value: max_us },
  ];
}
