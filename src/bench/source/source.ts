import { type Machine, thisMachine } from '../common/machine.ts';
import { exitOnSignals, removeStaleNamespaces } from '../common/namespace.ts';
import { type Noise, NoiseWatch } from '../common/noise.ts';
import type { Progress } from '../common/progress.ts';
import { measure } from './measure.ts';
import { type Result, resultOf } from './result.ts';

export interface SourceOptions {
  readonly services: number;
  /** Of each service. */
  readonly endpoints: number;
  /** Single changes to measure. */
  readonly changes: number;
}

export interface SourceReport extends Result {
  readonly machine: Machine;
  readonly noise: Noise;
  readonly seed: number;
}

/** The same changes in every run: only the code and the machine may make a difference. */
const SEED = 20_480;

/** Measures the way from an API server to the kernel: decoding, the start, and changes. Needs root. */
export async function benchSource(options: SourceOptions, onProgress: Progress): Promise<SourceReport> {
  const stopExiting = exitOnSignals();
  try {
    removeStaleNamespaces();
    const it = { ...options, seed: SEED };
    const noise = new NoiseWatch();
    const result = resultOf(it, await measure(it, onProgress));
    return { machine: thisMachine(), noise: noise.stop(), seed: SEED, ...result };
  } finally {
    stopExiting();
  }
}
