import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isStale } from '../../lab/namespaces.ts';

const PREFIX = 'np-bench';

const REMOVE_MS = 2000;
const RETRY_MS = 5;

/** A control group (cgroup v2) for a program and all that it starts: what they use together, and their end. */
export class ControlGroup {
  readonly path: string;

  constructor() {
    this.path = path.join(mountPoint(), `${PREFIX}-${process.pid}-${randomBytes(3).toString('hex')}`);
    mkdirSync(this.path);
  }

  /** CPU time in microseconds of all processes that are or were in it. */
  cpuTime(): number {
    const usage = /^usage_usec (\d+)$/m.exec(readFileSync(path.join(this.path, 'cpu.stat'), 'utf8'))?.[1];
    if (usage === undefined) throw new Error(`${this.path}/cpu.stat: has no usage_usec`);
    return Number(usage);
  }

  /** Ids of those that are in it. */
  processes(): number[] {
    return readFileSync(path.join(this.path, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
  }

  /** Kills what is in it and removes it. Synchronous, for exit handlers too. */
  remove(): void {
    remove(this.path);
  }
}

/** Removes what earlier runs left that were killed. */
export function removeStaleControlGroups(): void {
  const parent = mountPoint();
  for (const name of readdirSync(parent)) if (isStale(name, PREFIX)) remove(path.join(parent, name));
}

/** Where the system has cgroup v2. */
function mountPoint(): string {
  const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n');
  const found = mounts.map((line) => line.split(' ')).find(([, , type]) => type === 'cgroup2')?.[1];
  if (found === undefined) throw new Error('there is no cgroup v2 mounted, which tells what a daemon uses');
  return found;
}

/** A process that was killed leaves its group a little later, and nothing tells a process that is about to exit. */
function remove(group: string): void {
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  for (let waited = 0; ; waited += RETRY_MS) {
    try {
      writeFileSync(path.join(group, 'cgroup.kill'), '1');
      rmdirSync(group);
      return;
    } catch (error) {
      if (isCode(error, 'ENOENT')) return;
      if (!isCode(error, 'EBUSY') || waited > REMOVE_MS) throw error;
    }
    Atomics.wait(sleeper, 0, 0, RETRY_MS);
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
