import { execFile } from 'node:child_process';
import { existsSync, readdirSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { type KernelBackendName, type KernelOptions, openKernelBackend } from '../backends/kernel-backend.ts';
import { BPF_ROOT, cgroupRoot, hasBpfRoot } from '../host/mounts.ts';
import type { Family } from '../net/address.ts';

export interface KernelRequest {
  readonly namespace: string | undefined;
  /** As `--bpf-cgroup` says. */
  readonly cgroup: string | undefined;
}

/** What a backend needs of this host, made ready: mode ebpf pins to the BPF file system, and serves sockets of a cgroup. */
export async function prepareKernel(
  mode: KernelBackendName,
  { namespace, cgroup }: KernelRequest,
): Promise<KernelOptions> {
  if (mode !== 'ebpf') return { namespace };
  if (!hasBpfRoot()) await promisify(execFile)('mount', ['-t', 'bpf', 'bpf', BPF_ROOT]);
  return { namespace, pins: pinsOf(namespace), cgroup: cgroup ?? cgroupRoot() };
}

/** Takes all of ours of a mode out of the kernel, for one family; taking nothing out is a success. */
export async function removeMode(
  mode: KernelBackendName,
  family: Family,
  namespace: string | undefined,
): Promise<void> {
  const pins = pinsOf(namespace);
  // What is not pinned did not outlive its process.
  if (mode === 'ebpf' && !existsSync(pins)) return;
  const { backend, connections } = openKernelBackend(mode, family, { namespace, pins });
  try {
    await backend.remove();
  } finally {
    connections.close();
    backend.close();
  }
  if (mode === 'ebpf' && readdirSync(pins).length === 0) rmdirSync(pins);
}

/** One folder for each network namespace that is served. */
function pinsOf(namespace: string | undefined): string {
  const name = namespace === undefined ? 'nodeplane' : `nodeplane-${path.basename(namespace)}`;
  return path.join(BPF_ROOT, name);
}
