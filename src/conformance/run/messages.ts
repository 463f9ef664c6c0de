import type { KernelBackendName } from '../../backends/kernel-backend.ts';
import type { Vector } from '../vectors/vector.ts';
import type { CheckResult } from './check.ts';

/** What the conformance run asks of a worker. */
export type Commands = {
  /** Runs a vector; `problem` if it does not come to its checks. */
  run: { request: { readonly vector: Vector; readonly backend: KernelBackendName }; reply: CaseOutcome };
};

export type CaseOutcome = { readonly results: readonly CheckResult[] } | { readonly problem: string };
