import { availableParallelism, cpus, release, totalmem } from 'node:os';

/** What figures depend on beside the code. */
export interface Machine {
  readonly kernel: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memory_mb: number;
  readonly node: string;
}

export function thisMachine(): Machine {
  return {
    kernel: release(),
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memory_mb: Math.round(totalmem() / 1e6),
    node: process.version,
  };
}
