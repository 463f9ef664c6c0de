import { type Estimate, estimateMedian, estimatePercentile } from '../common/estimate.ts';
import { median, tenths } from '../common/statistics.ts';
import { quantilesOf } from '../report/quantiles.ts';
import type { Quantile } from '../report/section.ts';
import type { Case, Outcome } from './measure.ts';
import type { TrialSamples } from './trial.ts';

/** One daemon with one size of cluster, in the form that `--json` prints. Megabytes are 10^6 bytes. */
export interface Result {
  readonly daemon: string;
  readonly services: number;
  readonly endpoints: number;
  /** Why there are no figures; null if there are. */
  readonly failure: Failure | null;
  readonly figures: Figures | null;
}

export interface Failure {
  readonly reason: string;
  /** The last lines that it printed. */
  readonly output: readonly string[];
}

export interface Figures {
  readonly start: StartResult;
  readonly change: ChangeResult;
}

/** Medians of all starts, each with its interval. */
export interface StartResult {
  readonly n: number;
  /** From the start of the program until the first of the probed services answered. */
  readonly first_ms: Estimate;
  /** Until all services answered. */
  readonly all_ms: Estimate;
  /** Of the daemon and its children, until then. */
  readonly cpu_ms: Estimate;
  readonly memory_mb: Estimate;
}

/** From the change at the API server to the first packet that the new endpoint answered. */
export interface ChangeResult {
  readonly n: number;
  readonly p50_us: Estimate;
  readonly p90_us: Estimate;
  readonly p99_us: Estimate;
  readonly max_us: number;
  readonly quantiles: readonly Quantile[];
  /** Of the daemon and its children, for each change. */
  readonly cpu_us: number;
  /** After all changes. */
  readonly memory_mb: number;
  /** From probe to probe: a latency may be too long by this, at the median and at most. */
  readonly resolution_us: { readonly p50: number; readonly max: number };
}

export function resultsOf(it: Case, outcomes: ReadonlyMap<string, Outcome>): Result[] {
  return it.daemons.map(({ name }) => {
    const outcome = outcomes.get(name);
    if (outcome === undefined) throw new Error(`daemon ${name}: was not measured`);
    const { services, endpoints } = it;
    if ('failure' in outcome) {
      const { message, output } = outcome.failure;
      return { daemon: name, services, endpoints, failure: { reason: message, output }, figures: null };
    }
    return { daemon: name, services, endpoints, failure: null, figures: figuresOf(outcome.trials) };
  });
}

function figuresOf(trials: readonly TrialSamples[]): Figures {
  const starts = trials.map((it) => it.start);
  const middle = (values: readonly number[]): Estimate => rounded(estimateMedian(values));
  return {
    start: {
      n: starts.length,
      first_ms: middle(starts.map((it) => it.first / 1000)),
      all_ms: middle(starts.map((it) => it.all / 1000)),
      cpu_ms: middle(starts.map((it) => it.cpu / 1000)),
      memory_mb: middle(starts.map((it) => it.memory)),
    },
    change: changeOf(trials),
  };
}

function changeOf(trials: readonly TrialSamples[]): ChangeResult {
  const changes = trials.map((it) => it.changes);
  const latencies = changes.flatMap((it) => it.latencies);
  const gaps = changes.flatMap((it) => it.gaps);
  const cpu = changes.reduce((sum, it) => sum + it.cpu, 0);
  return {
    n: latencies.length,
    p50_us: rounded(estimateMedian(latencies)),
    p90_us: rounded(estimatePercentile(latencies, 90)),
    p99_us: rounded(estimatePercentile(latencies, 99)),
    max_us: tenths(Math.max(...latencies)),
    quantiles: quantilesOf(latencies),
    cpu_us: tenths(cpu / latencies.length),
    memory_mb: tenths(median(changes.map((it) => it.memory))),
    resolution_us: { p50: tenths(median(gaps)), max: tenths(Math.max(...gaps)) },
  };
}

function rounded({ value, low, high }: Estimate): Estimate {
  return { value: tenths(value), low: tenths(low), high: tenths(high) };
}
