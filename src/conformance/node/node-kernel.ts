import {
  type KernelBackend,
  type KernelBackendName,
  openKernelBackend,
} from '../../backends/kernel-backend.ts';
import type { TrackedFlow } from '../../native/packet-probe.ts';
import type { Family } from '../../net/address.ts';

/** The kernel of a node as a backend programs it, in the network namespace that the process is in. */
export interface NodeKernel {
  readonly openBackend: (family: Family) => KernelBackend;
  /** Whether the backend's own table of connections has one; absent if it uses the kernel's. */
  readonly isTracked?: (flow: TrackedFlow) => boolean;
}

/** `tracked` are connections that were there before the proxy starts. */
export async function openNodeKernel(
  backend: KernelBackendName,
  _tracked: readonly TrackedFlow[],
): Promise<NodeKernel> {
  return { openBackend: (family) => openKernelBackend(backend, family, {}) };
}
