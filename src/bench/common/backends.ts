import type { Backend } from '../../backends/backend.ts';
import { EbpfBackend } from '../../backends/ebpf/ebpf-backend.ts';
import { KERNEL_BACKENDS } from '../../backends/kernel-backend.ts';
import { MemoryBackend } from '../../backends/memory/memory-backend.ts';
import { NftablesBackend } from '../../backends/nftables/nftables-backend.ts';
import { FAMILIES } from '../../net/address.ts';

export const BACKENDS = [...KERNEL_BACKENDS, 'memory'] as const;

export type BackendName = (typeof BACKENDS)[number];

/** One backend for each family, as the daemon has them. `namespace` is the network namespace to program. */
export function openBackends(name: BackendName, namespace: string | undefined): Backend[] {
  if (name === 'memory') return FAMILIES.map((family) => new MemoryBackend(family));
  const Backend = name === 'ebpf' ? EbpfBackend : NftablesBackend;
  return FAMILIES.map((family) => new Backend({ family, namespace }));
}
