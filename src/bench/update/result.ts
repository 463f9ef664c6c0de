import { type Estimate, estimateMedian, estimateRatio } from '../common/estimate.ts';
import type { MemoryUse } from '../common/memory-use.ts';
import { type Distribution, distributionOf, hundredths, median, tenths } from '../common/statistics.ts';
import type { Case, Samples } from './measure.ts';

/** One row of the report, in the form that `--json` prints. Megabytes are 10^6 bytes. */
export interface Result {
  readonly backend: string;
  readonly services: number;
  readonly endpoints: number;
  /** One endpoint replaced by another. */
  readonly change: Distribution;
  readonly add: Distribution;
  readonly remove: Distribution;
  /** A service with its slice that comes or goes. */
  readonly create: Distribution;
  readonly delete: Distribution;
  /** The median of `change` with its interval of 95 % confidence. */
  readonly change_p50_us: Estimate;
  /** The same elements loaded and replaced by a C program; null if the backend has no kernel. */
  readonly floor: (Distribution & { readonly load_ms: number }) | null;
  /** How many times the floor a change takes, at the median. */
  readonly change_to_floor: number | null;
  /** The same with its interval of 95 % confidence. */
  readonly change_to_floor_interval: Estimate | null;
  /** The same without a kernel. */
  readonly pipeline: {
    readonly load_ms: number;
    readonly load_us_per_service: number;
    readonly change: Distribution;
  };
  /** Each endpoint of one service of 1,000 replaced, one after the other. */
  readonly rolling: Distribution & { readonly total_ms: number };
  readonly churn: ChurnResult | null;
  readonly burst_1000_ms: number;
  readonly load_ms: number;
  readonly rss_mb: number;
  readonly memory: MemoryUse;
}

/** CPU time of the JavaScript thread for one change. */
export interface CpuUse {
  readonly user_us: number;
  readonly system_us: number;
}

/** Changes of all kinds at a rate, open loop: the latency counts from when a change was due. */
export interface ChurnResult {
  readonly rate: number;
  readonly seconds: number;
  readonly latency: Distribution;
  readonly cpu: CpuUse;
  readonly gc_longest_ms: number;
  readonly gc_percent: number;
  readonly allocated_kb_per_change: number;
  /** Changes a second at which p99 stays below 5 ms for a second. */
  readonly highest_rate: number | null;
}

export function resultOf(it: Case, samples: Samples): Result {
  const { backend, services, endpoints } = it;
  const { replace, add, remove, create, delete: deleted } = samples.changes;
  const change = distributionOf(replace);
  const floor = floorOf(samples);
  const memory = roundedMemory(samples.memory);
  return {
    backend,
    services,
    endpoints,
    change,
    change_p50_us: rounded(estimateMedian(replace), tenths),
    add: distributionOf(add),
    remove: distributionOf(remove),
    create: distributionOf(create),
    delete: distributionOf(deleted),
    floor,
    change_to_floor: floor && tenths(change.p50_us / floor.p50_us),
    change_to_floor_interval:
      samples.floor === undefined ? null : rounded(estimateRatio(replace, samples.floor.replace), hundredths),
    pipeline: {
      load_ms: milliseconds(samples.pipeline.load),
      load_us_per_service: tenths(samples.pipeline.load / services),
      change: distributionOf(samples.pipeline.replace),
    },
    rolling: { ...distributionOf(samples.rolling), total_ms: milliseconds(sumOf(samples.rolling)) },
    churn: churnOf(it, samples),
    burst_1000_ms: milliseconds(median(samples.bursts)),
    load_ms: milliseconds(samples.load),
    rss_mb: memory.rss_mb,
    memory,
  };
}

function churnOf({ churn }: Case, samples: Samples): ChurnResult | null {
  if (samples.churn === undefined) return null;
  const { latencies, cpu, garbage } = samples.churn;
  return {
    ...churn,
    latency: distributionOf(latencies),
    cpu: cpuUse(cpu, latencies.length),
    gc_longest_ms: hundredths(garbage.pauses.longest / 1000),
    gc_percent: hundredths(garbage.pauses.total / (churn.seconds * 10_000)),
    allocated_kb_per_change: tenths(garbage.allocated / 1000 / latencies.length),
    highest_rate: samples.highestRate ?? null,
  };
}

function cpuUse({ user, system }: { user: number; system: number }, changes: number): CpuUse {
  return { user_us: tenths(user / changes), system_us: tenths(system / changes) };
}

function rounded({ value, low, high }: Estimate, round: (value: number) => number): Estimate {
  return { value: round(value), low: round(low), high: round(high) };
}

function sumOf(samples: readonly number[]): number {
  return samples.reduce((sum, it) => sum + it, 0);
}

function floorOf({ floor }: Samples): Result['floor'] {
  if (floor === undefined) return null;
  return { ...distributionOf(floor.replace), load_ms: milliseconds(floor.load) };
}

function milliseconds(microseconds: number): number {
  return tenths(microseconds / 1000);
}

function roundedMemory({ baseline_mb, rss_mb, after_gc_mb, peak_mb }: MemoryUse): MemoryUse {
  return {
    baseline_mb: tenths(baseline_mb),
    rss_mb: tenths(rss_mb),
    after_gc_mb: tenths(after_gc_mb),
    peak_mb: tenths(peak_mb),
  };
}
