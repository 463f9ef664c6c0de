import path from 'node:path';
import { type ConnectionTable, loadAddon } from '../native/addon.ts';
import type { Family } from '../net/address.ts';
import type { Backend } from './backend.ts';
import { EbpfBackend } from './ebpf/ebpf-backend.ts';
import { NftablesBackend } from './nftables/nftables-backend.ts';

/** The backends that program a kernel, by the names that the operator chooses them by. */
export const KERNEL_BACKENDS = ['nftables', 'ebpf'] as const;

export type KernelBackendName = (typeof KERNEL_BACKENDS)[number];

/** A backend, and where the connections that it translates are remembered. */
export interface KernelBackend {
  readonly backend: Backend;
  readonly connections: ConnectionTable;
}

/** Which kernel, or which part of it. */
export interface KernelOptions {
  /** Named network namespace; absent means the process's own. */
  readonly namespace?: string | undefined;
  /** Folder in a BPF file system where what is programmed outlives the process, for backends that need one. */
  readonly pins?: string | undefined;
  /** Folder of a cgroup (version 2) whose processes are served at their sockets, where the backend does that. */
  readonly cgroup?: string | undefined;
}

/** Opens the backend of a family. Throws if this kernel, or this process, cannot have it. */
export function openKernelBackend(
  name: KernelBackendName,
  family: Family,
  options: KernelOptions,
): KernelBackend {
  return OPENERS[name](family, options);
}

const OPENERS: Record<KernelBackendName, (family: Family, options: KernelOptions) => KernelBackend> = {
  nftables: (family, { namespace }) => ({
    backend: new NftablesBackend({ family, namespace }),
    connections: openConntrack(family, namespace),
  }),
  ebpf: (family, { namespace, pins, cgroup }) => {
    const folder = pins === undefined ? undefined : path.join(pins, family.toLowerCase());
    const backend = new EbpfBackend({ family, namespace, pins: folder, cgroup });
    return { backend, connections: backend.connections };
  },
};

function openConntrack(family: Family, namespace: string | undefined): ConnectionTable {
  const { ConntrackTable } = loadAddon();
  return new ConntrackTable(namespace === undefined ? { family } : { family, namespace });
}
