import { readFileSync } from 'node:fs';

/** Megabytes (10^6 bytes) of resident memory; pages that several processes share are counted once. */
export function memoryOf(processes: readonly number[]): number {
  return processes.reduce((sum, pid) => sum + (proportionalKb(pid) * 1024) / 1e6, 0);
}

/** 0 if it ended meanwhile. */
function proportionalKb(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
  } catch (error) {
    const hasEnded =
      error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH');
    if (hasEnded) return 0;
    throw error;
  }
}
