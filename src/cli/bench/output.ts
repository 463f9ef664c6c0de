import type { Machine } from '../../bench/common/machine.ts';
import type { Noise } from '../../bench/common/noise.ts';

export function printMachine({ cpu, cores, kernel, node, expedited_rcu }: Machine): void {
  process.stdout.write(`\n${cpu}, ${cores} cores, Linux ${kernel}, Node ${node}\n`);
  if (expedited_rcu) process.stdout.write(EXPEDITED_RCU);
}

const EXPEDITED_RCU = `rcu_expedited is set: right after each deletion the kernel waits for all processors, in the way of whoever deleted
`;

/** The verdict: whether the figures are worth something. */
export function noiseText({ isNoisy, reasons }: Noise): string {
  return isNoisy ? `\nThe machine was noisy, do not quote these figures: ${reasons.join('; ')}\n` : '';
}

/** One line that is written over on a terminal; in a log, a line for each stage but not for each step of it. */
export function progressLine(): (text: string) => void {
  if (process.stderr.isTTY) return (text) => process.stderr.write(`\r\x1b[K${text}`);
  let last = '';
  return (text) => {
    const stage = text.replace(/ \d+\/\d+$/, '');
    if (stage !== last) process.stderr.write(`${stage}\n`);
    last = stage;
  };
}

export function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
}
