import { readdirSync, readFileSync } from 'node:fs';

/** CPU time since the start of the machine, in ticks of 10 ms (USER_HZ, proc(5)), of all cores together. */
export interface CpuTimes {
  readonly all: number;
  /** Work of processes and kernel threads; interrupts are not in it. */
  readonly busy: number;
  /** Taken by the hypervisor for others. */
  readonly steal: number;
  /** Work of this process, its descendants, and those of them that ended and were waited for. */
  readonly ours: number;
  readonly kernelThreads: number;
}

/** The kernel's parent of all its threads. */
const KTHREADD = 2;

interface Process {
  readonly pid: number;
  readonly parent: number;
  /** Its children that ended included. */
  readonly ticks: number;
}

export function readCpuTimes(): CpuTimes {
  const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, softirq = 0, steal = 0] = firstLine(
    '/proc/stat',
  )
    .split(/\s+/)
    .slice(1)
    .map(Number);
  const processes = readProcesses();
  const ours = descendants(processes, process.pid);
  return {
    all: user + nice + system + idle + wait + irq + softirq + steal,
    busy: user + nice + system,
    steal,
    ours: ticksOf(processes.filter(({ pid }) => ours.has(pid))),
    kernelThreads: ticksOf(processes.filter(({ parent }) => parent === KTHREADD)),
  };
}

function readProcesses(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(readProcess)
    .filter((it) => it !== undefined);
}

/** Undefined if it ended meanwhile. */
function readProcess(pid: string): Process | undefined {
  try {
    return parseProcess(firstLine(`/proc/${pid}/stat`));
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH'))
      return undefined;
    throw error;
  }
}

/** Reads a line of /proc/PID/stat (proc_pid_stat(5)); the name, in parentheses, may hold anything. */
export function parseProcess(line: string): Process {
  const fields = line
    .slice(line.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [parent = 0] = fields.slice(1);
  const ticks = fields.slice(11, 15).reduce((sum, it) => sum + it, 0); // utime, stime, cutime, cstime
  return { pid: Number.parseInt(line, 10), parent, ticks };
}

/** The pids of a process and of all that descend from it. */
function descendants(processes: readonly Process[], root: number): Set<number> {
  const childrenOf = Map.groupBy(processes, ({ parent }) => parent);
  const found = new Set([root]);
  for (const pid of found) for (const child of childrenOf.get(pid) ?? []) found.add(child.pid);
  return found;
}

function ticksOf(processes: readonly Process[]): number {
  return processes.reduce((sum, { ticks }) => sum + ticks, 0);
}

function firstLine(file: string): string {
  const text = readFileSync(file, 'utf8');
  return text.slice(0, text.indexOf('\n'));
}
