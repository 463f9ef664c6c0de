import { type Machine, thisMachine } from '../common/machine.ts';
import { exitOnSignals } from '../common/namespace.ts';
import { type Noise, NoiseWatch } from '../common/noise.ts';
import type { Progress } from '../common/progress.ts';
import { removeStaleControlGroups } from './control-group.ts';
import type { DaemonCommand } from './daemon-command.ts';
import { measure } from './measure.ts';
import { type Result, resultsOf } from './result.ts';

export interface BlackboxOptions {
  readonly daemons: readonly DaemonCommand[];
  /** Numbers of services to measure with, in this order. */
  readonly services: readonly number[];
  /** Of each service. */
  readonly endpoints: number;
  /** Changes to measure, of each daemon. */
  readonly changes: number;
  /** How often each daemon is started. */
  readonly starts: number;
  /** The mean pause before a change. */
  readonly pauseMs: number;
  /** How long to wait for a daemon that does not serve. */
  readonly timeoutMs: number;
  /** Of an API server to use instead of the embedded one. */
  readonly kubeconfig: string | undefined;
}

export interface BlackboxReport {
  readonly machine: Machine;
  readonly noise: Noise;
  readonly seed: number;
  readonly daemons: readonly DaemonCommand[];
  readonly results: readonly Result[];
}

export interface BlackboxListener {
  readonly onProgress: Progress;
  readonly onResult: (result: Result) => void;
}

/** The same changes in every run: only the programs and the machine may make a difference. */
const SEED = 20_480;

/** Measures service proxies from outside: by what an API server is told, and by packets. Needs root. */
export async function benchBlackbox(
  options: BlackboxOptions,
  listener: BlackboxListener,
): Promise<BlackboxReport> {
  const { services: sizes, ...rest } = options;
  const results: Result[] = [];
  const noise = new NoiseWatch();
  const stopExiting = exitOnSignals();
  try {
    removeStaleControlGroups();
    for (const services of sizes) {
      const it = { ...rest, services, seed: SEED };
      const outcomes = await measure(it, (text) => listener.onProgress(`${services} services: ${text}`));
      for (const result of resultsOf(it, outcomes)) {
        results.push(result);
        listener.onResult(result);
      }
    }
  } finally {
    stopExiting();
  }
  return { machine: thisMachine(), noise: noise.stop(), seed: SEED, daemons: options.daemons, results };
}
