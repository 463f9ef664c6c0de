import { type CpuTimes, readCpuTimes } from './cpu-times.ts';
import { tenths } from './statistics.ts';

/** What else went on while something was measured, in percent of the CPU time of all cores. */
export interface Noise {
  /** Time that the hypervisor gave to other machines. */
  readonly steal_percent: number;
  /** Time of processes that are not the benchmark's. */
  readonly others_percent: number;
  readonly isNoisy: boolean;
  /** Why; empty if it was quiet. */
  readonly reasons: readonly string[];
}

/** Beyond these the figures are flagged: medians of a quiet machine were seen to move by a tenth there. */
const MOST_STEAL_PERCENT = 3;
const MOST_OTHERS_PERCENT = 8;

/** Watches the machine from its construction on. */
export class NoiseWatch {
  readonly #start = readCpuTimes();

  /** What went on since construction; may be asked again. */
  stop(): Noise {
    return noiseBetween(this.#start, readCpuTimes());
  }
}

export function noiseBetween(start: CpuTimes, end: CpuTimes): Noise {
  const since = (field: keyof CpuTimes): number => end[field] - start[field];
  const percent = (ticks: number): number => (since('all') === 0 ? 0 : (100 * ticks) / since('all'));
  const steal = tenths(percent(since('steal')));
  const others = tenths(percent(Math.max(0, since('busy') - since('ours') - since('kernelThreads'))));
  const reasons = [
    ...(steal > MOST_STEAL_PERCENT ? [`the hypervisor took ${steal} % of the CPU time for others`] : []),
    ...(others > MOST_OTHERS_PERCENT ? [`other programs used ${others} % of the CPU time`] : []),
  ];
  return { steal_percent: steal, others_percent: others, isNoisy: reasons.length > 0, reasons };
}
