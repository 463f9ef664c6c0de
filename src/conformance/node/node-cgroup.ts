import { mkdirSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cgroupRoot } from '../../host/mounts.ts';

/**
 * The cgroup of a node: a process that is one has a cgroup of its own, so that programs at its sockets see no others. Its
 * name tells the process; what a killed one left is removed by the next.
 */
const PREFIX = 'np-conformance-';

let entered: string | undefined;

/** Moves the process into a cgroup of its own, until it ends; undefined where there are no cgroups (version 2). */
export function enterNodeCgroup(): string | undefined {
  const root = cgroupRoot();
  if (root === undefined || entered !== undefined) return entered;
  removeStale(root);
  const folder = path.join(root, `${PREFIX}${process.pid}`);
  mkdirSync(folder);
  move(folder);
  process.once('exit', () => {
    move(root);
    rmdirSync(folder);
  });
  entered = folder;
  return folder;
}

function move(folder: string): void {
  writeFileSync(path.join(folder, 'cgroup.procs'), String(process.pid));
}

function removeStale(root: string): void {
  for (const name of readdirSync(root)) {
    const pid = Number(name.startsWith(PREFIX) ? name.slice(PREFIX.length) : undefined);
    if (Number.isInteger(pid) && !isAlive(pid)) removeFolder(path.join(root, name));
  }
}

/** Another process may have been faster. */
function removeFolder(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // Its cgroup is ours to remove, so it was run by root, as we are: it is gone.
    return false;
  }
}
