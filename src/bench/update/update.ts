import type { BackendName } from '../common/backends.ts';
import { type Machine, thisMachine } from '../common/machine.ts';
import { exitOnSignals, removeStaleNamespaces } from '../common/namespace.ts';
import { type Noise, NoiseWatch } from '../common/noise.ts';
import type { Progress } from '../common/progress.ts';
import type { ChurnRequest } from './churn.ts';
import { measure } from './measure.ts';
import { type Result, resultOf } from './result.ts';

export interface UpdateOptions {
  readonly backends: readonly BackendName[];
  /** Numbers of services to measure with, in this order. */
  readonly services: readonly number[];
  /** Of each service. */
  readonly endpoints: number;
  /** Changes of each kind to measure. */
  readonly changes: number;
  /** Changes of all kinds at a rate; none if it lasts 0 seconds. */
  readonly churn: ChurnRequest;
}

export interface UpdateReport {
  readonly machine: Machine;
  readonly noise: Noise;
  readonly seed: number;
  readonly results: readonly Result[];
}

export interface UpdateListener {
  readonly onProgress: Progress;
  readonly onResult: (result: Result) => void;
}

/** The same changes in every run: only the code and the machine may make a difference. */
const SEED = 20_480;

/** Measures the latency of rule updates by number of services. Needs root, unless the backend has no kernel. */
export async function benchUpdate(options: UpdateOptions, listener: UpdateListener): Promise<UpdateReport> {
  const { endpoints, changes, churn } = options;
  const noise = new NoiseWatch();
  const results: Result[] = [];
  const stopExiting = exitOnSignals();
  try {
    removeStaleNamespaces();
    for (const services of options.services) {
      for (const backend of options.backends) {
        const it = { backend, services, endpoints, changes, churn, seed: SEED };
        const what = `${backend}, ${services} services`;
        const samples = await measure(it, (text) => listener.onProgress(`${what}: ${text}`));
        const result = resultOf(it, samples);
        results.push(result);
        listener.onResult(result);
      }
    }
  } finally {
    stopExiting();
  }
  return { machine: thisMachine(), noise: noise.stop(), seed: SEED, results };
}
