import { readFileSync } from 'node:fs';

/** Where the two ends of all connections run. Undefined: there is only one CPU, and no choice. */
export interface Cpus {
  readonly server: number;
  readonly client: number;
}

/**
 * The last two CPUs that this process may use; the first ones tend to have the interrupts of devices. Left to the scheduler,
 * the two ends share a CPU now and then, for some hundred milliseconds: half of the latency is waking the other end,
 * and that is another time then.
 */
export function chooseCpus(): Cpus | undefined {
  const status = readFileSync('/proc/self/status', 'utf8');
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? '';
  const [server, client] = parseCpuList(list).slice(-2);
  return server === undefined || client === undefined ? undefined : { server, client };
}

/** Reads "0-2,5"; see cpuset(7). */
export function parseCpuList(list: string): number[] {
  return list.split(',').flatMap((part) => {
    const [first = Number.NaN, last = first] = part.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
