import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ExecutionContext } from 'ava';
import { mounts } from '../../src/host/mounts.ts';
import { run } from '../../src/lab/command.ts';
import { isStale } from '../../src/lab/namespaces.ts';

const PREFIX = 'np-test-bpf';

/** A BPF file system of the test's own, until it ends. What a killed run left behind is removed by the next one. */
export async function privateBpfFilesystem(t: ExecutionContext): Promise<string> {
  await removeStale();
  const folder = await mkdtemp(path.join(tmpdir(), `${PREFIX}-${process.pid}-`));
  t.teardown(() => remove(folder));
  await run('mount', ['-t', 'bpf', 'bpf', folder]);
  return folder;
}

async function removeStale(): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => isStale(name, PREFIX));
  // Another process may be removing the same ones.
  for (const name of names) await remove(path.join(tmpdir(), name)).catch(() => {});
}

async function remove(folder: string): Promise<void> {
  if (mounts().some((mount) => mount.folder === folder)) await run('umount', [folder]);
  await rm(folder, { recursive: true, force: true });
}
