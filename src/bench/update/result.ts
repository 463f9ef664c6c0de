import type { MemoryUse } from '../common/memory-use.ts';
import { type Distribution, distributionOf, median, tenths } from '../common/statistics.ts';
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
  /** The same elements loaded and replaced by a C program; null if the backend has no kernel. */
  readonly floor: (Distribution & { readonly load_ms: number }) | null;
  /** How many times the floor a change takes, at the median. */
  readonly change_to_floor: number | null;
  /** The same without a kernel. */
  readonly pipeline: { readonly load_ms: number; readonly change: Distribution };
  readonly burst_1000_ms: number;
  readonly load_ms: number;
  readonly rss_mb: number;
  readonly memory: MemoryUse;
}

export function resultOf({ backend, services, endpoints }: Case, samples: Samples): Result {
  const { replace, add, remove } = samples.changes;
  const change = distributionOf(replace);
  const floor = floorOf(samples);
  const memory = roundedMemory(samples.memory);
  return {
    backend,
    services,
    endpoints,
    change,
    add: distributionOf(add),
    remove: distributionOf(remove),
    floor,
    change_to_floor: floor && tenths(change.p50_us / floor.p50_us),
    pipeline: {
      load_ms: milliseconds(samples.pipeline.load),
      change: distributionOf(samples.pipeline.replace),
    },
    burst_1000_ms: milliseconds(median(samples.bursts)),
    load_ms: milliseconds(samples.load),
    rss_mb: memory.rss_mb,
    memory,
  };
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
