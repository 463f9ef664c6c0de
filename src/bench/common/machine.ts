import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem } from 'node:os';

/** What figures depend on beside the code. */
export interface Machine {
  readonly kernel: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memory_mb: number;
  readonly node: string;
  /** The kernel hurries with RCU grace periods (rcupdate.rcu_expedited): each deletion of a set's element costs more. */
  readonly expedited_rcu: boolean;
}

export function thisMachine(): Machine {
  return {
    kernel: release(),
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memory_mb: Math.round(totalmem() / 1e6),
    node: process.version,
    expedited_rcu: hasExpeditedRcu(),
  };
}

const EXPEDITED = '/sys/kernel/rcu_expedited';

/** Kernels for a single processor have no such file. */
function hasExpeditedRcu(): boolean {
  return existsSync(EXPEDITED) && readFileSync(EXPEDITED, 'utf8').trim() !== '0';
}
