/** Latencies in microseconds, as the report prints them: rounded to 0.1 us. */
export interface Distribution {
  readonly n: number;
  readonly p50_us: number;
  readonly p90_us: number;
  readonly p99_us: number;
  readonly p999_us: number;
  readonly max_us: number;
}

/** Summarizes samples in microseconds, in any order. There must be at least one. */
export function distributionOf(samples: readonly number[]): Distribution {
  const sorted = Float64Array.from(samples).sort();
  return {
    n: sorted.length,
    p50_us: tenths(percentile(sorted, 50)),
    p90_us: tenths(percentile(sorted, 90)),
    p99_us: tenths(percentile(sorted, 99)),
    p999_us: tenths(percentile(sorted, 99.9)),
    max_us: tenths(percentile(sorted, 100)),
  };
}

/**
 * The smallest sample that at least `percent` of all samples do not exceed (the nearest-rank definition): always
 * a value that was measured, never one in between.
 */
export function percentile(sorted: ArrayLike<number>, percent: number): number {
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length));
  const sample = sorted[rank - 1];
  if (sample === undefined) throw new RangeError('samples: there are none');
  return sample;
}

export function median(samples: readonly number[]): number {
  return percentile(Float64Array.from(samples).sort(), 50);
}

/** Rounds to one decimal: more digits than that are noise. */
export function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}

/** For ratios and short pauses. */
export function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
