import { mkdirSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ExecutionContext } from 'ava';
import { cgroupRoot } from '../../src/host/mounts.ts';
import { isStale } from '../../src/lab/namespaces.ts';

const PREFIX = 'np-test';

/**
 * A cgroup of the test's own that its process is in, and whatever it starts, until the test ends: start this before the
 * others. One at a time in a process. What a killed run left behind is removed by the next one.
 */
export function privateCgroup(t: ExecutionContext): string {
  const root = cgroupRoot();
  if (root === undefined) throw new Error('cgroups (version 2) are not mounted');
  for (const name of readdirSync(root)) if (isStale(name, PREFIX)) rmdirSync(path.join(root, name));
  const folder = path.join(root, `${PREFIX}-${process.pid}`);
  mkdirSync(folder);
  enter(folder);
  t.teardown(() => {
    enter(root);
    rmdirSync(folder);
  });
  return folder;
}

function enter(folder: string): void {
  writeFileSync(path.join(folder, 'cgroup.procs'), String(process.pid));
}
