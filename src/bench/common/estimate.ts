import { randomBeta } from 'd3-random';
import { type Random, seededRandom } from './random.ts';
import { percentile } from './statistics.ts';

/** A figure and the interval that it lies in with a confidence of 95 %, by bootstrap. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 2000;

const LOW_PERCENT = 2.5;
const HIGH_PERCENT = 97.5;

/** The same samples give the same interval. */
const SEED = 95;

/** The median of samples in any order. There must be at least one. */
export function estimateMedian(samples: readonly number[]): Estimate {
  return estimatePercentile(samples, 50);
}

/** A percentile of samples in any order, by the nearest-rank definition. There must be at least one. */
export function estimatePercentile(samples: readonly number[], percent: number): Estimate {
  const sorted = Float64Array.from(samples).sort();
  const draw = resampledPercentile(sorted, percent, seededRandom(SEED));
  return { value: percentile(sorted, percent), ...interval(draw) };
}

/** How many times the median of `base` the median of `samples` is. There must be at least one of each. */
export function estimateRatio(samples: readonly number[], base: readonly number[]): Estimate {
  const sorted = Float64Array.from(samples).sort();
  const sortedBase = Float64Array.from(base).sort();
  const random = seededRandom(SEED);
  const draw = resampledPercentile(sorted, 50, random);
  const drawBase = resampledPercentile(sortedBase, 50, random);
  const value = percentile(sorted, 50) / percentile(sortedBase, 50);
  return { value, ...interval(() => draw() / drawBase()) };
}

function interval(draw: () => number): Pick<Estimate, 'low' | 'high'> {
  const draws = Float64Array.from({ length: RESAMPLES }, draw).sort();
  return { low: percentile(draws, LOW_PERCENT), high: percentile(draws, HIGH_PERCENT) };
}

/**
 * Draws what the percentile of a resample (as many samples, each drawn at random with repeats) would be, without making
 * the resample: the k-th smallest of n draws from n sorted samples is the one at n times a number that has the
 * distribution Beta(k, n - k + 1), that of the k-th smallest of n uniform numbers.
 */
function resampledPercentile(sorted: Float64Array, percent: number, random: Random): () => number {
  const { length } = sorted;
  const rank = Math.max(1, Math.ceil((percent / 100) * length));
  const drawPlace = randomBeta.source(() => random(2 ** 32) / 2 ** 32)(rank, length - rank + 1);
  return () => percentile(sorted, drawPlace() * 100);
}
