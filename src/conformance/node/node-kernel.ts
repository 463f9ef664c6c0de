import { EbpfBackend } from '../../backends/ebpf/ebpf-backend.ts';
import {
  type KernelBackend,
  type KernelBackendName,
  openKernelBackend,
} from '../../backends/kernel-backend.ts';
import type { NodeSettings } from '../../forwarding/node-settings.ts';
import { supportedFamilies } from '../../host/families.ts';
import type { TrackedFlow } from '../../native/packet-probe.ts';
import { addressWords, type Family, familyOf } from '../../net/address.ts';
import { enterNodeCgroup } from './node-cgroup.ts';
import type { NodeProxy } from './proxy.ts';

/** The kernel of a node as a backend programs it, in the network namespace that the process is in. */
export interface NodeKernel {
  readonly openBackend: (family: Family) => KernelBackend;
  /** What is to be known of the backend. */
  readonly traits: Pick<NodeProxy, 'isTracked' | 'translatesAtSockets'>;
}

/** `tracked` are connections that were there before the proxy starts. */
export async function openNodeKernel(
  backend: KernelBackendName,
  tracked: readonly TrackedFlow[],
): Promise<NodeKernel> {
  if (backend === 'ebpf') return openEbpfKernel(tracked);
  return { openBackend: (family) => openKernelBackend(backend, family, {}), traits: {} };
}

/** Before the proxy has said what it wants. */
const NO_SETTINGS: NodeSettings = {
  localPods: undefined,
  masqueradeAll: false,
  nodePortAddresses: [],
  serviceCIDRs: [],
};

/** Enough for the flows of a vector, and soon made. */
const CONNECTIONS = 2 ** 14;

async function openEbpfKernel(tracked: readonly TrackedFlow[]): Promise<NodeKernel> {
  const cgroup = enterNodeCgroup();
  const backends = new Map<Family, EbpfBackend>();
  for (const family of supportedFamilies()) {
    const backend = new EbpfBackend({ family, cgroup, connections: CONNECTIONS });
    backends.set(family, backend);
    await backend.prepare(NO_SETTINGS);
  }
  const backendOf = (family: Family): EbpfBackend => {
    const backend = backends.get(family);
    if (backend === undefined) throw new Error(`${family}: this kernel does not have it`);
    return backend;
  };
  const tableOf = ({ source }: TrackedFlow) => backendOf(familyOf(source)).table;
  for (const flow of tracked) tableOf(flow).track(flowWords(flow));
  return {
    openBackend: (family) => {
      const backend = backendOf(family);
      return { backend, connections: backend.connections };
    },
    traits: {
      translatesAtSockets: cgroup !== undefined,
      isTracked: (flow) => tableOf(flow).isTracked(flowWords(flow)),
    },
  };
}

function flowWords(flow: TrackedFlow): Uint32Array {
  const { protocol, source, sourcePort, destination, destinationPort, endpoint, endpointPort } = flow;
  const addresses = [source, destination, endpoint].flatMap((address) => addressWords(address) ?? []);
  return Uint32Array.from([protocol, sourcePort, destinationPort, endpointPort, ...addresses]);
}
